namespace OtelTelemetry.Metrics;

/// <summary>What every metric's definition has. The values are copied when the metric is created.</summary>
/// <param name="Name">The name, to which the collector's namespace and subsystem are added. Letters, digits, <c>_</c>, <c>.</c>,
/// <c>-</c> and <c>/</c>, beginning with a letter (OpenTelemetry metrics API, section "Instrument name syntax").</param>
public abstract record MetricOptions(string Name)
{
    /// <summary>What the metric tells, for people. Default: empty. It is not part of a metric's identity: the first one given stays.</summary>
    public string Help { get; init; } = "";

    /// <summary>The unit in UCUM spelling, such as <c>s</c>, <c>By</c> or <c>{order}</c>. Default: empty.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The names of the labels, in the order in which values are given. Default: none.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>The most series the metric may have; label values past that are recorded in one overflow series.
    /// At least 1. Default: null, which is the collector's <see cref="MetricsCollectorOptions.MaxSeriesPerMetric"/>.</summary>
    public int? MaxSeries { get; init; }

    /// <summary>After how long without a record a series disappears. Longer than the longest export interval.
    /// Default: null, which is the collector's <see cref="MetricsCollectorOptions.IdleSeriesExpiry"/>.</summary>
    public TimeSpan? IdleExpiry { get; init; }

    /// <summary>The setting that declared the metric, for messages; null for code.</summary>
    internal string? DeclaredIn { get; init; }
}

/// <summary>The definition of a <see cref="Counter"/>.</summary>
/// <param name="Name">The name; see <see cref="MetricOptions"/>.</param>
public sealed record CounterOptions(string Name) : MetricOptions(Name);

/// <summary>The definition of a <see cref="Gauge"/>.</summary>
/// <param name="Name">The name; see <see cref="MetricOptions"/>.</param>
public sealed record GaugeOptions(string Name) : MetricOptions(Name);

/// <summary>The definition of a <see cref="Histogram"/>.</summary>
/// <param name="Name">The name; see <see cref="MetricOptions"/>.</param>
public sealed record HistogramOptions(string Name) : MetricOptions(Name)
{
    /// <summary>The buckets' inclusive upper bounds: finite and strictly ascending; +Inf is added.
    /// Default: null, which is the collector's <see cref="MetricsCollectorOptions.DefaultBuckets"/>.</summary>
    public IReadOnlyList<double>? Buckets { get; init; }
}

/// <summary>The definition of a <see cref="Summary"/>.</summary>
/// <param name="Name">The name; see <see cref="MetricOptions"/>.</param>
public sealed record SummaryOptions(string Name) : MetricOptions(Name)
{
    /// <summary>The quantiles to publish, each from 0 to 1. Default: 0.5, 0.9, 0.95, 0.99.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [0.5, 0.9, 0.95, 0.99];

    /// <summary>How far back the published quantiles look; from 1 second. Default: 10 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);
}
