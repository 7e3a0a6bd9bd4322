using OtelTelemetry.Delivery;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>Puts records together to bulk requests, and gives those to the delivery, which says what became of them.</summary>
internal sealed class ElasticsearchLogSink : QueuedLogSink
{
    private const string Signal = "logs";

    /// <summary>Room for a record; a block ends before it has all of its records where they are longer.</summary>
    private const int BytesOfRecord = 1024;

    private readonly DeliveryDestination _destination;
    private readonly DeliveryRoute _route;

    /// <summary>Ends the delivery where that is the sink's own; null where it is the application's.</summary>
    private readonly Func<TimeSpan, Task>? _endDelivery;

    public ElasticsearchLogSink(ElasticsearchLogOptions options, LogSinkContext context)
        : base(context, new BulkLogFormatter(IndexPattern.Of(options.Index), new EcsLogFields(context.Resource), BulkLogFormatter.UniquePrefix()), SettingsOf(options))
    {
        var delivery = options.Delivery.Over(context.Delivery?.Options ?? new DeliveryOptions());
        delivery.MaxRequestBytes = options.Delivery.MaxRequestBytes ?? options.MaxRequestBytes;
        delivery.Gzip = options.Delivery.Gzip ?? options.Gzip;
        var monitor = context.Delivery;
        if (monitor is null || !delivery.Enabled)
        {
            // Tried once, and never in the outbox; but told and counted as all is.
            if (!delivery.Enabled) delivery.MaxAttempts = 1;
            monitor = new DeliveryMonitor(delivery with { Enabled = true }, null, context.TimeProvider);
            _endDelivery = monitor.ShutdownAsync;
        }

        _destination = monitor.GetOrAdd(Component, Signal, delivery, isOtlp: false, DeliveryMonitor.CreateInvoker);
        _route = new DeliveryRoute(HttpMethod.Post, AddressOf(options), ElasticsearchCredentials.HeadersOf(options), isGrpc: false, prepare: null, new BulkSplitter(), new BulkAnswers());

        // What an ended process left can go at once.
        _destination.Learn(_route);
    }

    /// <summary>The address of bulk requests.</summary>
    internal static Uri AddressOf(ElasticsearchLogOptions options)
    {
        var pipeline = options.Pipeline is { } name ? $"&pipeline={Uri.EscapeDataString(name)}" : "";
        return new Uri($"{options.Endpoint!.GetLeftPart(UriPartial.Path).TrimEnd('/')}/_bulk?filter_path={BulkAnswers.Filter}{pipeline}");
    }

    private protected override void WriteBlock(LogBlock block)
    {
        // What of it is not taken is in the account of the destination.
        _destination.Accept(_route, "application/x-ndjson", "", block.Count - block.Written, RequestBody.Copy(block.Unwritten.Span));
        block.Written = block.Count;

        // Where nobody else sends, it is sent here and now. That ends: an attempt has its time.
        if (_endDelivery is not null) _destination.FlushAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private protected override void Ended() => _endDelivery?.Invoke(TimeSpan.Zero).GetAwaiter().GetResult();

    private protected override void FlushAtExit(TimeSpan timeout)
    {
        base.FlushAtExit(timeout);
        Task.WhenAny(_destination.FlushAsync(CancellationToken.None), Task.Delay(timeout)).GetAwaiter().GetResult();
    }

    private protected override (string Problem, string Remedy) Explain(Exception exception) =>
        ($"log records cannot be given to the delivery: {exception.Message}", "See the cause; it is tried again");

    private static LogQueueSettings SettingsOf(ElasticsearchLogOptions options) => new(options.MaxQueueBytes, options.FlushInterval)
    {
        BlockRecords = options.BufferSize,
        BlockBytes = (int)Math.Min(Math.Min(options.MaxRequestBytes, options.MaxQueueBytes), Math.Max(LogQueueSettings.LeastBytes, (long)options.BufferSize * BytesOfRecord)),
    };
}
