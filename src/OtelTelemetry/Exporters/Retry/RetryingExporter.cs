using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Splitting;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Retry;

/// <summary>
/// Repeats exports that another exporter could not make, as requests over HTTP are delivered: with growing waits, bounded in bytes and age,
/// in the outbox, which may outlive the process, and accounted for as a destination (<see cref="DeliveryMonitor.GetReport"/>). For
/// exporters that do not send over HTTP; what does is delivered anyhow. While exports wait, later ones queue up behind them. The other
/// exporter is called by one thread at a time. Thread-safe.
/// </summary>
public sealed class RetryingExporter : MetricsExporter
{
    private readonly MetricsExporter _exporter;
    private readonly DeliveryMonitor _delivery;
    private readonly bool _ownsDelivery;
    private readonly DeliveryDestination _destination;
    private readonly bool _keepsFirst;
    private readonly CollectionClock? _clock;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _ended;
    private volatile bool _isClosed;

    /// <summary>Makes an exporter.</summary>
    /// <param name="exporter">The exporter, which ends with this one.</param>
    /// <param name="delivery">Where exports wait, such as <see cref="TelemetryManager.Delivery"/>; null for one of its own, in memory, which ends with it.</param>
    /// <param name="options">What differs from the delivery's settings; null for nothing. With <see cref="DeliveryMode.Outbox"/> every
    /// export is written to the outbox first.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one. Or the delivery has a destination of the exporter's name.</exception>
    public RetryingExporter(MetricsExporter exporter, DeliveryMonitor? delivery = null, DestinationOptions? options = null, TimeProvider? timeProvider = null)
        : this(exporter, exporter?.Name ?? "", delivery, options, timeProvider ?? TimeProvider.System, null)
    {
    }

    internal RetryingExporter(MetricsExporter exporter, string destination, DeliveryMonitor? delivery, DestinationOptions? options, TimeProvider time, CollectionClock? clock)
        : base((exporter ?? throw new ArgumentNullException(nameof(exporter))).Name)
    {
        options ??= new DestinationOptions();
        string[] problems = [.. options.Check().Select(wrong => $"{nameof(DestinationOptions)}.{wrong.Property}: {wrong.Problem}. {wrong.Remedy}.")];
        if (problems.Length > 0) throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        _exporter = exporter;
        _time = time;
        _clock = clock;
        _ownsDelivery = delivery is null;
        _delivery = delivery ?? new DeliveryMonitor(timeProvider: time);
        var own = options.Over(_delivery.Options);
        _keepsFirst = own.Mode == DeliveryMode.Outbox;
        // What does not come first has failed before, and goes to the outbox at once.
        _destination = _delivery.Add(destination, "metrics", own with { Mode = DeliveryMode.Outbox }, new Sender(this, destination));
    }

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        ObjectDisposedException.ThrowIf(_ended != 0, this);
        var collected = _time.GetUtcNow();
        MetricsExportResult failed = default;
        if (!_keepsFirst && !_destination.HasWork)
        {
            var result = await TryExportAsync(families, cancellationToken).ConfigureAwait(false);
            if (result.Succeeded)
            {
                _destination.Passed(result.Items);
                return result;
            }

            failed = result;
        }

        var copies = families.Select(MetricFamilyMaterializer.Materialize).ToArray();
        var items = copies.Sum(family => (long)family.Samples.Count);
        if (items == 0) return failed.Problem is null ? MetricsExportResult.Success(0) : failed;
        var bytes = FamilyCodec.Encode(copies);
        return _destination.Accept(FamilyCodec.ContentType, items, collected, bytes)
            ? MetricsExportResult.Success(items, bytes.Length)
            : MetricsExportResult.Failure($"the export could not be kept{(failed.Problem is null ? "" : $" after it failed ({failed.Problem})")}; allow more (MaxBytes)", failed.Cause);
    }

    /// <summary>Tries once more what waits, and ends the other exporter. What is not exported then stays in a durable outbox.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            await _destination.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            if (_ownsDelivery) await _delivery.DisposeAsync().ConfigureAwait(false);
            _isClosed = true;
            await _exporter.DisposeAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Exports, and throws nothing.</summary>
    private async Task<MetricsExportResult> TryExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            return MetricsExportResult.Failure("the export before still runs", exception);
        }

        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return await _exporter.ExportAsync(families, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            return MetricsExportResult.Failure(exception is OperationCanceledException ? "the export was called off" : $"the export failed: {exception.Message}", exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes the exports that waited.</summary>
    private sealed class Sender(RetryingExporter exporter, string destination) : IDeliverySender
    {
        public bool Knows(string route) => true;

        public string ServerOf(string route) => destination;

        public IRequestSplitter? SplitterOf(string route) => null;

        public async Task<DeliveryOutcome> SendAsync(OutboxItem item, CancellationToken cancellationToken)
        {
            MetricFamilyReader[] families;
            try
            {
                families = [.. FamilyCodec.Decode(item.Body).Select(family => new MaterializedFamilyReader(family))];
            }
            catch (InvalidDataException exception)
            {
                return DeliveryOutcome.Refused(DeliveryDropReasons.Rejected, exception.Message);
            }

            // It holds for this flow only.
            if (exporter._clock is { } clock) clock.Collected = item.Created;
            // One that does not heed its token must not hold up the end.
            var result = await exporter.TryExportAsync(families, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            return result.Succeeded ? DeliveryOutcome.Delivered() : DeliveryOutcome.Failed(result.Problem!);
        }

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
