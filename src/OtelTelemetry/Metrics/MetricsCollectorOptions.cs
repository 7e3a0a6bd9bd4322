using OtelTelemetry.Collectors;

namespace OtelTelemetry.Metrics;

/// <summary>Settings of a <see cref="MetricsCollector"/>. The values are copied when the collector is made.</summary>
public sealed record MetricsCollectorOptions
{
    /// <summary>The bounds used where a histogram names none: those of OpenTelemetry's semantic conventions for durations in seconds.</summary>
    public static IReadOnlyList<double> DurationBuckets { get; } =
        Array.AsReadOnly<double>([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]);

    /// <summary>The first part of every metric's name. Default: empty.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The second part of every metric's name. Default: empty.</summary>
    public string Subsystem { get; init; } = "";

    /// <summary>Labels that every series carries. Default: none.</summary>
    public IReadOnlyDictionary<string, string> ConstantLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>The most series a metric may have before label values go to its overflow series. At least 1. Default: 2000.</summary>
    public int MaxSeriesPerMetric { get; init; } = 2000;

    /// <summary>After how long without a record a series disappears. Default: null, never.</summary>
    public TimeSpan? IdleSeriesExpiry { get; init; }

    /// <summary>The bounds of histograms that name none. Finite, strictly ascending. Default: <see cref="DurationBuckets"/>.</summary>
    public IReadOnlyList<double> DefaultBuckets { get; init; } = DurationBuckets;

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/> on which the metrics show themselves.
    /// Default: null, which is the namespace, or <c>OtelTelemetry</c> where there is none.</summary>
    public string? MeterName { get; init; }

    /// <summary>What becomes of measurements recorded by a name that no metric has. Default: <see cref="UnregisteredMetrics.ByName"/>.</summary>
    public UnregisteredMetrics Unregistered { get; init; } = UnregisteredMetrics.ByName;

    /// <summary>The most metrics that are made for such names; from 0. Measurements of further names are dropped with the reason
    /// <see cref="CollectorDropReasons.TooManyMetrics"/>. Default: 1000.</summary>
    public int MaxUnregistered { get; init; } = 1000;

    /// <summary>The set of collectors this one belongs to; exporters read whole sets. Default: <see cref="MetricsRegistry.Default"/>.</summary>
    public MetricsRegistry Registry { get; init; } = MetricsRegistry.Default;

    /// <summary>The clock for windows, expiry and exemplars. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
