using OtelTelemetry.Collectors.Recording;

namespace OtelTelemetry.Collectors;

/// <summary>
/// The base of a collector that stands in front of another: it counts what it passes on and what it leaves out, and lets nothing
/// thrown reach whoever records. A collector of your own overrides <see cref="Process"/>; one that holds measurements back overrides
/// <see cref="FlushAsync"/> and <see cref="GetStats"/> as well. Thread-safe.
/// </summary>
public abstract class DecoratingCollector : IMetricCollector, IAsyncDisposable
{
    private readonly IMetricCollector _next;
    private readonly OutcomeCounter _passed = new();
    private readonly DropCounters _dropped;

    /// <summary>Makes the base.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="name">The collector's name in statistics and as <c>component</c> of <c>telemetry_dropped_total</c>: lower case with underscores.</param>
    /// <exception cref="ArgumentException"><paramref name="next"/> is null or <paramref name="name"/> is empty.</exception>
    protected DecoratingCollector(IMetricCollector next, string name)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentException.ThrowIfNullOrEmpty(name);
        _next = next;
        Name = name;
        _dropped = new DropCounters(name);
    }

    /// <summary>The collector's name.</summary>
    public string Name { get; }

    /// <summary>How many measurements came from an ended process, not from whoever records here.</summary>
    internal virtual long Adopted => 0;

    /// <summary>How many measurements were passed on so far.</summary>
    protected long PassedCount => _passed.Value;

    /// <inheritdoc/>
    public void Record(in Metric metric)
    {
        try
        {
            Process(metric);
        }
        catch (Exception)
        {
            Drop(CollectorDropReasons.Failed);
        }
    }

    /// <inheritdoc/>
    public virtual ValueTask FlushAsync(CancellationToken cancellationToken = default) => _next.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual CollectorStatistics GetStats()
    {
        var passed = PassedCount;
        var dropped = ReadDropped();
        return new CollectorStatistics { Recorded = passed + dropped.Values.Sum(), Applied = passed, Dropped = dropped };
    }

    /// <summary>Passes on what is held back and ends the collector. What is recorded afterwards passes straight through.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Passes the measurement on (<see cref="Pass"/>), leaves it out (<see cref="Drop"/>), or holds it back. What it throws is
    /// counted as <see cref="CollectorDropReasons.Failed"/>.</summary>
    /// <param name="metric">The measurement.</param>
    protected abstract void Process(in Metric metric);

    /// <summary>Passes a measurement on.</summary>
    /// <param name="metric">The measurement.</param>
    protected void Pass(in Metric metric)
    {
        _next.Record(metric);
        _passed.Add();
    }

    /// <summary>Counts measurements that are left out.</summary>
    /// <param name="reason">Why: one of <see cref="CollectorDropReasons"/>, or one of your own in lower case with underscores.</param>
    /// <param name="count">How many. Default: 1.</param>
    protected void Drop(string reason, long count = 1) => _dropped.Count(reason, count);

    /// <summary>How many measurements were left out so far, by reason.</summary>
    protected IReadOnlyDictionary<string, long> ReadDropped() => _dropped.Read();
}
