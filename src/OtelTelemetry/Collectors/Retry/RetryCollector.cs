using OtelTelemetry.Collectors.Recording;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Collectors.Retry;

/// <summary>
/// Gives measurements that the next collector did not take (it threw) to it again, as requests are delivered that a backend did not take:
/// with growing waits, bounded in bytes and age, in the outbox, which may outlive the process, and accounted for as a destination
/// (<see cref="DeliveryMonitor.GetReport"/>). While some wait, later ones queue up behind them, so that the order is kept. What was
/// taken is not given twice, unless the process is killed in between. Recording waits for nobody. Thread-safe; allocates nothing
/// while everything is taken.
/// </summary>
/// <remarks>The collectors of this library never throw: it stands in front of one of your own. A sink of raw measurements is retried
/// by <see cref="RetryingMetricSink"/>.</remarks>
public sealed class RetryCollector : DecoratingCollector
{
    private const int CapacityInBatches = 16;

    private readonly DeliveryMonitor _delivery;
    private readonly bool _ownsDelivery;
    private readonly DeliveryDestination _destination;
    private readonly int _batchSize;
    private readonly int _capacity;
    private readonly TimeSpan _maxDelay;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly OutcomeCounter _recorded = new();
    private readonly Lock _gate = new();
    private readonly Lock _handingOver = new();
    private List<Metric> _held = [];
    private bool _isDue;
    private volatile bool _isBehind;
    private volatile bool _ended;

    /// <summary>Makes a collector that keeps in memory what the next one does not take.</summary>
    /// <param name="next">Where measurements go from here.</param>
    public RetryCollector(IMetricCollector next)
        : this(next, new RetryCollectorOptions())
    {
    }

    /// <summary>Makes a collector.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="options">The settings.</param>
    /// <param name="delivery">Where measurements wait, such as <see cref="TelemetryManager.Delivery"/>; null for one of its own, in memory, which ends with it.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one. Or the delivery has a destination of that name.</exception>
    public RetryCollector(IMetricCollector next, RetryCollectorOptions options, DeliveryMonitor? delivery = null, TimeProvider? timeProvider = null)
        : base(next, options?.Name is { Length: > 0 } name ? name : "retry_collector")
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfWrong();
        _time = timeProvider ?? TimeProvider.System;
        _batchSize = options.BatchSize;
        _capacity = (int)Math.Min(Array.MaxLength, (long)options.BatchSize * CapacityInBatches);
        _maxDelay = options.MaxDelay;
        _timer = _time.CreateTimer(static state => ((RetryCollector)state!).StartHandingOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ownsDelivery = delivery is null;
        _delivery = delivery ?? new DeliveryMonitor(timeProvider: _time);
        _destination = _delivery.Add(Name, "metrics", options.Over(_delivery.Options), new MeasurementSender(Name, TakeAsync));
    }

    /// <inheritdoc/>
    public override async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_isBehind)
        {
            // The outbox may be slow.
            await Task.Run(HandOver, CancellationToken.None).ConfigureAwait(false);
            try
            {
                await _destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // What waits goes on waiting.
            }

            CatchUp();
        }

        await base.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override CollectorStatistics GetStats()
    {
        // What has left is read before what came in: the difference waits, or is on its way.
        var passed = PassedCount;
        var dropped = new Dictionary<string, long>(ReadDropped(), StringComparer.Ordinal);
        var report = _destination.Report();
        foreach (var (reason, count) in report.Dropped)
        {
            var own = reason == DeliveryDropReasons.Attempts ? CollectorDropReasons.Failed : reason;
            dropped[own] = dropped.GetValueOrDefault(own) + count;
        }

        var left = passed + dropped.Values.Sum();
        var buffered = Math.Max(0, _recorded.Value + report.Adopted - left);
        return new CollectorStatistics { Recorded = left + buffered, Applied = passed, Buffered = buffered, Dropped = dropped };
    }

    /// <summary>Tries once more what waits, and ends the collector. What is not taken then stays in a durable outbox, and waits in an
    /// application's delivery until that ends. What is recorded afterwards passes straight through.</summary>
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        lock (_gate) _ended = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
        if (_ownsDelivery) await _delivery.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Measurements that an ended process left.</summary>
    internal override long Adopted => _destination.Report().Adopted;

    /// <inheritdoc/>
    protected override void Process(in Metric metric)
    {
        _recorded.Add();
        if (!_isBehind || _ended)
        {
            try
            {
                Pass(metric);
                return;
            }
            catch (Exception)
            {
                // It is tried again.
            }
        }

        Hold(metric);
    }

    private void Hold(in Metric metric)
    {
        lock (_gate)
        {
            if (_ended)
            {
                Drop(CollectorDropReasons.Failed);
                return;
            }

            _isBehind = true;
            if (_held.Count >= _capacity)
            {
                Drop(CollectorDropReasons.BufferFull);
                return;
            }

            _held.Add(metric.Timestamp == default ? metric with { Timestamp = _time.GetUtcNow() } : metric);
            if (_held.Count == 1) _timer.Change(_maxDelay, Timeout.InfiniteTimeSpan);
            if (_held.Count < _batchSize || _isDue) return;
            _isDue = true;
        }

        StartHandingOver();
    }

    private void StartHandingOver() => ThreadPool.UnsafeQueueUserWorkItem(static collector => collector.OnTurn(), this, preferLocal: false);

    private void OnTurn()
    {
        if (!CatchUp()) HandOver();
        lock (_gate)
        {
            if (_isBehind && !_ended) _timer.Change(_maxDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Gives what is held to the destination, which writes it to the outbox.</summary>
    private void HandOver()
    {
        lock (_handingOver)
        {
            List<Metric> batch;
            lock (_gate)
            {
                _isDue = false;
                if (_held.Count == 0) return;
                batch = _held;
                _held = [];
            }

            var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batch);
            for (var i = 0; i < all.Length; i += _batchSize)
            {
                Keep(all.Slice(i, Math.Min(_batchSize, all.Length - i)));
            }
        }
    }

    private void Keep(ReadOnlySpan<Metric> part)
    {
        try
        {
            _destination.Accept(MeasurementCodec.ContentType, part.Length, part[0].Timestamp, MeasurementCodec.Encode(part));
        }
        catch (Exception)
        {
            // Metadata may be any object, which may have no text.
            Drop(CollectorDropReasons.Failed, part.Length);
        }
    }

    /// <summary>Where nothing waits any more: passes on what came meanwhile, and lets what comes pass straight through again.</summary>
    /// <returns>Whether it has caught up.</returns>
    private bool CatchUp()
    {
        lock (_handingOver)
        {
            if (_destination.HasWork) return false;
            // Nobody records meanwhile: the order would not be kept. It is short, since nothing here waits.
            lock (_gate)
            {
                var passed = 0;
                // The next one may record here, which makes it longer.
                while (passed < _held.Count && TryPass(_held[passed])) passed++;
                _held.RemoveRange(0, passed);
                _isBehind = _held.Count > 0;
                return !_isBehind;
            }
        }
    }

    private bool TryPass(in Metric metric)
    {
        try
        {
            Pass(metric);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private ValueTask<(int Taken, Exception? Failure)> TakeAsync(Metric[] batch, CancellationToken cancellationToken)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            if (cancellationToken.IsCancellationRequested) return ValueTask.FromResult((i, (Exception?)new OperationCanceledException(cancellationToken)));
            try
            {
                Pass(batch[i]);
            }
            catch (Exception exception)
            {
                return ValueTask.FromResult((i, (Exception?)exception));
            }
        }

        return ValueTask.FromResult((batch.Length, (Exception?)null));
    }
}
