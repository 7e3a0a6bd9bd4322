namespace OtelTelemetry.Collectors;

/// <summary>
/// One measurement: what was recorded, when and with which tags. Immutable; a structure, so that passing it through collectors
/// allocates nothing.
/// </summary>
public readonly record struct Metric
{
    private readonly MetricTags? _tags;
    private readonly IReadOnlyDictionary<string, object?>? _metadata;
    private readonly double _weight;
    private readonly long _represents;

    /// <summary>Makes a measurement.</summary>
    /// <param name="name">The metric's name, with or without the collector's namespace and subsystem.</param>
    /// <param name="value">The value in the metric's unit.</param>
    /// <param name="tags">The tags; null for none.</param>
    /// <param name="metadata">What else is known of it; null for nothing. It reaches sinks and hooks, never an instrument.</param>
    /// <param name="timestamp">When it was measured; the default leaves that to the first buffer that keeps it.</param>
    public Metric(string name, double value, MetricTags? tags = null, IReadOnlyDictionary<string, object?>? metadata = null, DateTimeOffset timestamp = default)
    {
        Name = name;
        Value = value;
        _tags = tags;
        _metadata = metadata;
        Timestamp = timestamp;
    }

    private Metric(in Metric metric, double weight, long represents)
    {
        this = metric;
        _weight = weight;
        _represents = represents;
    }

    /// <summary>The metric's name, with or without the collector's namespace and subsystem.</summary>
    public string Name { get; init; }

    /// <summary>The value in the metric's unit. What a counter, gauge, histogram or summary makes of it is told at
    /// <see cref="Metrics.MetricsCollector.Record(in Metric)"/>.</summary>
    public double Value { get; init; }

    /// <summary>The tags; empty when there are none.</summary>
    public MetricTags Tags
    {
        get => _tags ?? MetricTags.Empty;
        init => _tags = value;
    }

    /// <summary>What else is known of the measurement; null for nothing. It reaches sinks and hooks, never an instrument, so its values
    /// may be unbounded. Of a sampled measurement it says so as well: <c>sampled</c> is true, <c>sample_rate</c> the rate.</summary>
    public IReadOnlyDictionary<string, object?>? Metadata
    {
        get => IsSampled ? WithSampling() : _metadata;
        init => _metadata = value;
    }

    /// <summary>When it was measured. The default value means that nobody has asked for the time yet: a clock costs more than
    /// recording, so the first buffer that keeps the measurement sets it.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>How many measurements this one stands for, on average: 1, or the inverse of the rate at which it was sampled.</summary>
    public double Weight => _weight == 0 ? 1 : _weight;

    /// <summary>As <see cref="Weight"/> in whole measurements, rounded at random so that the mean is the weight: what a histogram counts.</summary>
    public long Represents => _represents == 0 ? 1 : _represents;

    /// <summary>Whether the measurement stands for others that were left out.</summary>
    public bool IsSampled => _weight > 1;

    /// <summary>The rate at which it was sampled, from 0 (exclusive) to 1; 1 when it was not.</summary>
    public double SampleRate => 1 / Weight;

    /// <summary>The value times the weight: what a counter adds.</summary>
    public double ScaledValue => Value * Weight;

    /// <summary>The same measurement, standing for more.</summary>
    internal Metric Sampled(double weight, long represents) => new(this, weight, represents);

    // Made only for who reads it: passing a measurement on allocates nothing.
    private Dictionary<string, object?> WithSampling() => new(_metadata ?? new Dictionary<string, object?>(), StringComparer.Ordinal)
    {
        ["sampled"] = true,
        ["sample_rate"] = SampleRate,
    };
}
