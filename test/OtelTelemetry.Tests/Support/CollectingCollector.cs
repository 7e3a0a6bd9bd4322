using OtelTelemetry.Collectors;

namespace OtelTelemetry.Tests.Support;

/// <summary>Keeps what it is given, in order; throws when told to.</summary>
public sealed class CollectingCollector : IMetricCollector
{
    private readonly Lock _gate = new();
    private readonly List<Metric> _metrics = [];
    private long _count;

    /// <summary>Whether measurements are kept, or only counted.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>When set, every record throws it.</summary>
    public Exception? Failure { get; set; }

    public int Flushes { get; private set; }

    public long Count => Volatile.Read(ref _count);

    public IReadOnlyList<Metric> Metrics
    {
        get
        {
            lock (_gate) return [.. _metrics];
        }
    }

    public void Record(in Metric metric)
    {
        if (Failure is not null) throw Failure;
        Interlocked.Increment(ref _count);
        if (!Keeps) return;
        lock (_gate) _metrics.Add(metric);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        Flushes++;
        return ValueTask.CompletedTask;
    }

    public CollectorStatistics GetStats() => new() { Recorded = Count, Applied = Count };
}
