using OtelTelemetry.Delivery;

namespace OtelTelemetry.Collectors.Retry;

/// <summary>
/// Gives batches that a sink of raw measurements did not write (it threw, or took too long) to it again, as <see cref="RetryCollector"/>
/// does for collectors. Batches keep their order. One that was written in part is written again as a whole. Used by one buffer.
/// </summary>
/// <example><code>
/// metrics.AddSink(new RetryingMetricSink(new JsonLinesMetricSink("/mnt/share/measurements.jsonl"), telemetry.Delivery));
/// </code></example>
public sealed class RetryingMetricSink : IMetricSink, IAsyncDisposable
{
    private readonly IMetricSink _sink;
    private readonly DeliveryDestination _destination;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly TimeProvider _time;
    private volatile bool _ended;

    /// <summary>Makes a sink.</summary>
    /// <param name="sink">The sink, which ends with this one.</param>
    /// <param name="delivery">Where batches wait.</param>
    /// <param name="options">The settings; null for the defaults, and the sink's own name.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one. Or the delivery has a destination of that name.</exception>
    public RetryingMetricSink(IMetricSink sink, DeliveryMonitor delivery, RetryCollectorOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(delivery);
        options ??= new RetryCollectorOptions { Name = sink.Name };
        options.ThrowIfWrong();
        _sink = sink;
        _time = timeProvider ?? TimeProvider.System;
        Name = options.Name;
        _destination = delivery.Add(Name, "metrics", options.Over(delivery.Options), new MeasurementSender(Name, TakeAsync));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
    {
        if (!_destination.HasWork && await TryWriteAsync(batch, cancellationToken).ConfigureAwait(false) is null)
        {
            _destination.Passed(batch.Length);
            return;
        }

        if (!_destination.Accept(MeasurementCodec.ContentType, batch.Length, _time.GetUtcNow(), MeasurementCodec.Encode(batch.Span)))
        {
            throw new IOException($"The sink '{_sink.Name}' did not take a batch, and it could not be kept.");
        }
    }

    /// <summary>Ends the sink. What waits stays in a durable outbox.</summary>
    public async ValueTask DisposeAsync()
    {
        // What waits gets its chance while the sink is still there.
        await _destination.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        _ended = true;
        if (_sink is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().ConfigureAwait(false);
        else (_sink as IDisposable)?.Dispose();
    }

    private async ValueTask<(int Taken, Exception? Failure)> TakeAsync(Metric[] batch, CancellationToken cancellationToken) =>
        await TryWriteAsync(batch, cancellationToken).ConfigureAwait(false) is { } failure ? (0, failure) : (batch.Length, null);

    /// <returns>Why it was not written, or null.</returns>
    private async ValueTask<Exception?> TryWriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            return exception;
        }

        try
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            await _sink.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            _turn.Release();
        }
    }
}
