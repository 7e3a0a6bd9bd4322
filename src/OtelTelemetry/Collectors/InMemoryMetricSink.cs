namespace OtelTelemetry.Collectors;

/// <summary>Keeps the latest raw measurements in memory. Thread-safe.</summary>
public sealed class InMemoryMetricSink : IMetricSink
{
    private readonly Lock _gate = new();
    private readonly Metric[] _ring;
    private long _written;

    /// <summary>Makes a sink.</summary>
    /// <param name="capacity">How many measurements it keeps; older ones are forgotten. From 1. Default: 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public InMemoryMetricSink(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _ring = new Metric[capacity];
    }

    /// <inheritdoc/>
    public string Name => "in_memory_sink";

    /// <summary>How many measurements were written so far, the forgotten ones included.</summary>
    public long Written
    {
        get
        {
            lock (_gate) return _written;
        }
    }

    /// <summary>The measurements that are kept, oldest first.</summary>
    public IReadOnlyList<Metric> GetMetrics()
    {
        lock (_gate)
        {
            var kept = new Metric[Math.Min(_written, _ring.Length)];
            for (var i = 0; i < kept.Length; i++) kept[i] = _ring[(_written - kept.Length + i) % _ring.Length];
            return kept;
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var metric in batch.Span) _ring[_written++ % _ring.Length] = metric;
        }

        return ValueTask.CompletedTask;
    }
}
