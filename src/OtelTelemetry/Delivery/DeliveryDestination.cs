using OtelTelemetry.Delivery.Otlp;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Delivery;

/// <summary>One place where requests go: its queue, its pump and its account. Thread-safe.</summary>
internal sealed class DeliveryDestination : IAsyncDisposable
{
    private readonly DeliveryOptions _options;
    private readonly DeliveryAccount _account;
    private readonly DeliveryQueue _queue;
    private readonly DeliveryPump _pump;
    private readonly IDeliverySender _sender;

    /// <summary>The same, where it sends over HTTP.</summary>
    private readonly HttpDeliverySender? _http;
    private readonly TimeProvider _time;

    public DeliveryDestination(
        string name, string signal, DeliveryOptions options, IOutbox outbox, DeliveryCircuits circuits, IDeliverySender sender, TimeProvider time)
    {
        Name = name;
        _options = options;
        _time = time;
        _account = new DeliveryAccount(name, signal);
        _sender = sender;
        _http = sender as HttpDeliverySender;
        _queue = new DeliveryQueue(options, outbox, _account, time);
        _pump = new DeliveryPump(options, _queue, _account, _sender, circuits, outbox.IsDurable, time);
    }

    public string Name { get; }

    /// <summary>Says how requests to an address are sent now; what waits for it can go.</summary>
    /// <returns>False when there are too many addresses, or none: the request is to be sent directly.</returns>
    public bool Learn(DeliveryRoute route)
    {
        if (_http is null) return false;
        var isNew = !_http.Knows(route.Key);
        if (!_http.Learn(route)) return false;
        if (isNew)
        {
            _queue.RouteIsKnown(route.Key);
            _pump.Wake();
        }

        return true;
    }

    /// <summary>Takes a request in.</summary>
    /// <param name="route">Where it goes.</param>
    /// <param name="contentType">The body's type, or empty.</param>
    /// <param name="contentEncoding">The body's encoding, or empty.</param>
    /// <param name="items">How many items it carries; null to count them.</param>
    /// <param name="body">The body. It is kept.</param>
    /// <returns>Whether it waits now; false when it was dropped.</returns>
    public bool Accept(DeliveryRoute route, string contentType, string contentEncoding, long? items, RequestBody body)
    {
        var bytes = body.Memory;
        var waits = AddInParts(route, new OutboxItem
        {
            Destination = Name,
            Route = route.Key,
            ContentType = contentType,
            ContentEncoding = contentEncoding,
            Items = items ?? CountItems(route, contentType, contentEncoding, bytes.Span),
            Created = _time.GetUtcNow(),
            Body = bytes,
        }, body.Borrowed);
        _pump.Wake();
        return waits;
    }

    /// <summary>Takes a request in that needs no address.</summary>
    /// <returns>Whether it waits now; false when it was dropped.</returns>
    public bool Accept(string contentType, long items, DateTimeOffset created, byte[] body)
    {
        var waits = _queue.Add(new OutboxItem { Destination = Name, Route = "", ContentType = contentType, Items = items, Created = created, Body = body });
        _pump.Wake();
        return waits;
    }

    /// <summary>Whether something waits, or is on its way.</summary>
    public bool HasWork => _queue.HasWork;

    /// <summary>Counts items that were taken without having waited.</summary>
    public void Passed(long items) => _account.Pass(items);

    /// <summary>Counts items that never became a request.</summary>
    public void Refuse(long items, string reason) => _account.Refuse(items, reason);

    public Task<bool> FlushAsync(CancellationToken cancellationToken) => _pump.FlushAsync(cancellationToken);

    public async Task StopAsync(TimeSpan budget)
    {
        await _pump.StopAsync(budget).ConfigureAwait(false);
        _queue.Close();
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync().ConfigureAwait(false);
        _sender.Dispose();
    }

    public DestinationReport Report() => _account.Report(_time.GetUtcNow(), _queue.Oldest, _queue.IsDown);

    /// <returns>Whether any part of it waits.</returns>
    private bool AddInParts(DeliveryRoute route, OutboxItem item, byte[]? borrowed = null)
    {
        if (!(item.Body.Length > _options.MaxRequestBytes) || _sender.SplitterOf(route.Key) is not { } splitter)
        {
            var ready = Compressed(route, item);
            if (ReferenceEquals(ready, item)) return _queue.Add(ready, borrowed);
            if (borrowed is not null) RequestBody.GiveBack(borrowed);
            return _queue.Add(ready);
        }

        if (splitter.Halve(item) is { } halves) return AddInParts(route, halves.First) | AddInParts(route, halves.Second);
        _account.Refuse(item.Items, DeliveryDropReasons.TooLarge);
        TelemetryErrors.Report(Diagnostic.ItemTooLarge,
            Name, $"{item.Items} items that cannot be told apart take {item.Body.Length} bytes, and are dropped", $"Allow larger requests (MaxRequestBytes, now {_options.MaxRequestBytes}), or record less at once");
        return false;
    }

    private OutboxItem Compressed(DeliveryRoute route, OutboxItem item)
    {
        if (!_options.Gzip || item.ContentEncoding.Length > 0) return item;
        var (body, encoding) = Compress(route, item.Body.Span);
        return item with { Body = body, ContentEncoding = encoding };
    }

    private long CountItems(DeliveryRoute route, string contentType, string contentEncoding, ReadOnlySpan<byte> body)
    {
        if (route.IsGrpc) return OtlpItems.Count(GrpcFrame.Message(body), _account.Signal);
        return contentType == "application/x-protobuf" && contentEncoding.Length == 0 && _http!.IsOtlp ? OtlpItems.Count(body, _account.Signal) : 1;
    }

    private static (byte[] Body, string Encoding) Compress(DeliveryRoute route, ReadOnlySpan<byte> body)
    {
        if (!route.IsGrpc) return (GzipBody.Compress(body), "gzip");
        return GrpcFrame.IsCompressed(body) ? (body.ToArray(), "") : (GrpcFrame.Compressed(GrpcFrame.Message(body)), "gzip");
    }
}
