using System.Collections.Concurrent;
using OtelTelemetry.Collectors.Recording;
using OtelTelemetry.Metrics.Labels;

namespace OtelTelemetry.Collectors.Aggregating;

/// <summary>
/// Keeps count, sum, smallest and largest value of every combination of name and tags, over windows of time or for ever, and passes
/// every measurement on as it is. NaN and infinity pass without being aggregated. Thread-safe; allocates nothing for a combination it knows.
/// </summary>
public sealed class AggregatingCollector : DecoratingCollector
{
    private readonly ConcurrentDictionary<Key, RunningAggregate> _series = new();
    private readonly WindowClock? _clock;
    private readonly int _maxSeries;
    private int _count;
    private long _unaggregated;

    /// <summary>Makes a collector that aggregates for ever.</summary>
    /// <param name="next">Where measurements go from here.</param>
    public AggregatingCollector(IMetricCollector next)
        : this(next, new AggregatingCollectorOptions())
    {
    }

    /// <summary>Makes a collector.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="options">The settings.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one.</exception>
    public AggregatingCollector(IMetricCollector next, AggregatingCollectorOptions options, TimeProvider? timeProvider = null)
        : base(next, "aggregating_collector")
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfWrong();
        _maxSeries = options.MaxSeries;
        if (options.Window is { } window) _clock = new WindowClock(window, timeProvider ?? TimeProvider.System);
    }

    /// <summary>How many measurements passed without being aggregated: their combination found no place, or the value was no finite number.</summary>
    public long Unaggregated => Volatile.Read(ref _unaggregated);

    /// <summary>The aggregates of the current window so far, or of everything; in no order. Combinations without a measurement are missing.</summary>
    public IReadOnlyList<MetricAggregate> GetAggregates() => Read(previous: false);

    /// <summary>The aggregates of the last window that is complete; empty without windows.</summary>
    public IReadOnlyList<MetricAggregate> GetLastWindow() => _clock is null ? [] : Read(previous: true);

    /// <summary>The aggregate of one combination in the current window so far, or of everything; null when there was no measurement.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="tags">The tags; null for none.</param>
    public MetricAggregate? GetAggregate(string name, MetricTags? tags = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = new Key(name, tags ?? MetricTags.Empty);
        return _series.TryGetValue(key, out var series) ? ToAggregate(key, series.Read(Window, previous: false)) : null;
    }

    /// <summary>Forgets everything and begins anew.</summary>
    public void Reset()
    {
        _series.Clear();
        Volatile.Write(ref _count, 0);
    }

    /// <inheritdoc/>
    protected override void Process(in Metric metric)
    {
        if (double.IsFinite(metric.Value) && metric.Name is not null && Find(new Key(metric.Name, metric.Tags)) is { } series)
        {
            series.Add(Window, metric.Value, metric.Weight);
        }
        else
        {
            Interlocked.Increment(ref _unaggregated);
        }

        Pass(metric);
    }

    private uint Window => _clock?.Current ?? 0;

    private RunningAggregate? Find(Key key)
    {
        if (_series.TryGetValue(key, out var there)) return there;
        if (Volatile.Read(ref _count) >= _maxSeries && ForgetIdle() == 0) return null;
        var made = new RunningAggregate();
        var series = _series.GetOrAdd(key, made);
        if (ReferenceEquals(series, made)) Interlocked.Increment(ref _count);
        return series;
    }

    /// <summary>With windows, what had no measurement in the current and the last one tells nothing any more.</summary>
    private int ForgetIdle()
    {
        if (_clock is null) return 0;
        var forgotten = 0;
        foreach (var (key, series) in _series)
        {
            if (series.Read(Window, previous: false).Count > 0 || series.Read(Window, previous: true).Count > 0) continue;
            if (!_series.TryRemove(key, out _)) continue;
            Interlocked.Decrement(ref _count);
            forgotten++;
        }

        return forgotten;
    }

    private List<MetricAggregate> Read(bool previous)
    {
        var window = Window;
        var aggregates = new List<MetricAggregate>();
        foreach (var (key, series) in _series)
        {
            if (ToAggregate(key, series.Read(window, previous)) is { } aggregate) aggregates.Add(aggregate);
        }

        return aggregates;
    }

    private static MetricAggregate? ToAggregate(Key key, RunningAggregate.Numbers numbers) =>
        numbers.Count > 0 ? new MetricAggregate(key.Name, key.Tags, numbers.Count, numbers.Sum, numbers.Min, numbers.Max) : null;

    private readonly record struct Key(string Name, MetricTags Tags)
    {
        // Names are the application's own; the tags, which may not be, have a full hash.
        public override int GetHashCode() => LabelHash.Fast(Name) ^ Tags.GetHashCode();

        public bool Equals(Key other) => (ReferenceEquals(Name, other.Name) || Name == other.Name) && Tags.Equals(other.Tags);
    }
}
