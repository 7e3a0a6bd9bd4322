namespace OtelTelemetry.Collectors.Batch;

/// <summary>
/// Holds measurements back and passes them on together: when a batch is full, on the thread that filled it; when the oldest has waited
/// long enough, on a timer's thread; and on <see cref="FlushAsync"/>. They leave in the order in which they came. One thread passes
/// on at a time and nobody waits for it: others go on collecting, up to the capacity. Ending it loses nothing. Thread-safe; allocates
/// nothing in steady state.
/// </summary>
public sealed class BatchCollector : DecoratingCollector
{
    private const int CapacityInBatches = 16;

    private readonly int _batchSize;
    private readonly int _capacity;
    private readonly TimeSpan _maxAge;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Lock _passing = new();
    private Metric[] _held;
    private Metric[] _spare;
    private int _count;
    private long _recorded;
    private bool _ended;

    // Under _passing, which a thread may enter twice: what comes next may record here again.
    private bool _isPassing;

    /// <summary>Makes a collector with batches of one size, held back for a second at most.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="batchSize">How many measurements make a batch; from 1.</param>
    /// <exception cref="ArgumentException"><paramref name="batchSize"/> is below 1.</exception>
    public BatchCollector(IMetricCollector next, int batchSize = 100)
        : this(next, new BatchCollectorOptions { BatchSize = batchSize })
    {
    }

    /// <summary>Makes a collector.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="options">The settings.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one.</exception>
    public BatchCollector(IMetricCollector next, BatchCollectorOptions options, TimeProvider? timeProvider = null)
        : base(next, "batch_collector")
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfWrong();
        _batchSize = options.BatchSize;
        _capacity = options.Capacity ?? (int)Math.Min(Array.MaxLength, (long)options.BatchSize * CapacityInBatches);
        _maxAge = options.MaxAge;
        _held = new Metric[_batchSize];
        _spare = new Metric[_batchSize];
        _timer = (timeProvider ?? TimeProvider.System).CreateTimer(
            static state => ((BatchCollector)state!).PassOn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_passing) PassHeld();
        return base.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override CollectorStatistics GetStats()
    {
        // What has left is read before what came in: the difference is what is held back, or on its way.
        var passed = PassedCount;
        var dropped = ReadDropped();
        long recorded;
        lock (_gate) recorded = _recorded;
        return new CollectorStatistics { Recorded = recorded, Applied = passed, Buffered = recorded - passed - dropped.Values.Sum(), Dropped = dropped };
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        lock (_gate) _ended = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Process(in Metric metric)
    {
        if (!TryHold(metric, out var full)) Pass(metric);
        else if (full) PassOn();
    }

    /// <returns>Whether it was held back or dropped: false once the collector has ended.</returns>
    private bool TryHold(in Metric metric, out bool full)
    {
        lock (_gate)
        {
            full = false;
            _recorded++;
            if (_ended) return false;
            if (_count == _capacity)
            {
                Drop(CollectorDropReasons.BufferFull);
                return true;
            }

            if (_count == _held.Length) Array.Resize(ref _held, (int)Math.Min(_capacity, _count * 2L));
            _held[_count++] = metric;
            if (_count == 1) _timer.Change(_maxAge, Timeout.InfiniteTimeSpan);
            full = _count >= _batchSize;
            return true;
        }
    }

    /// <summary>Passes on what is held back, unless another thread does: that one, the next record or the timer takes what came meanwhile.</summary>
    private void PassOn()
    {
        if (!_passing.TryEnter())
        {
            Rearm();
            return;
        }

        try
        {
            PassHeld();
        }
        finally
        {
            _passing.Exit();
        }
    }

    private void Rearm()
    {
        lock (_gate)
        {
            if (!_ended) _timer.Change(_maxAge, Timeout.InfiniteTimeSpan);
        }
    }

    private void PassHeld()
    {
        if (_isPassing) return;
        _isPassing = true;
        Metric[] batch;
        int count;
        lock (_gate)
        {
            batch = _held;
            count = _count;
            _held = _spare;
            _spare = batch;
            _count = 0;
        }

        for (var i = 0; i < count; i++) PassSafely(batch[i]);
        // Nothing that was passed on is kept alive.
        Array.Clear(batch, 0, count);
        _isPassing = false;
    }

    // One that fails must not take the rest of its batch along.
    private void PassSafely(in Metric metric)
    {
        try
        {
            Pass(metric);
        }
        catch (Exception)
        {
            Drop(CollectorDropReasons.Failed);
        }
    }
}
