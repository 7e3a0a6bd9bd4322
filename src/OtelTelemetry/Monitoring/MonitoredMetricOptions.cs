using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Monitoring;

/// <summary>What is said of a metric of a <see cref="PerformanceMonitor"/>, or of the collector of that name
/// (<c>Telemetry:Monitoring:Metrics:&lt;name&gt;</c>). Immutable.</summary>
public sealed record MonitoredMetricOptions
{
    /// <summary>Counter, gauge, histogram or summary. Default: null; what is recorded by the name then makes a metric as its name suggests.</summary>
    public MetricKind? Type { get; init; }

    /// <summary>How often the collector of this name runs; more than zero, at most 24 days. Default: null, which is <see cref="MonitoringOptions.Interval"/>.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>What the metric tells, for people. Default: empty.</summary>
    public string Help { get; init; } = "";

    /// <summary>The unit in UCUM spelling, such as <c>By</c>. Default: empty.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The names of the labels. Default: null, which stands for those of the first value that is recorded.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    internal IEnumerable<(string Property, string Problem, string Remedy)> Check(string name)
    {
        if (Type is not null && !MetricNames.IsMetricName(name)) yield return ("", $"'{name}' is not a metric name", "Allowed: a letter, then letters, digits, '_', '.', '-' and '/'");
        if (Type is { } type && !IsType(type)) yield return (nameof(Type), $"{type} is not a type of metric", "Allowed: counter, gauge, histogram, summary");
        if (Interval is { } interval && MonitoringOptions.IsNoTime(interval)) yield return (nameof(Interval), $"{interval} is no interval", "Allowed: more than 0, at most 24 days, such as 30s");
        var reserved = Type switch { MetricKind.Histogram => "le", MetricKind.Summary => "quantile", _ => null };
        foreach (var (label, problem) in MetricNames.WrongLabelNames(Labels ?? [], [], reserved)) yield return (nameof(Labels), $"the label name '{label}' {problem}", "Rename or remove the label");
    }

    internal static bool IsType(MetricKind type) => type is MetricKind.Counter or MetricKind.Gauge or MetricKind.Histogram or MetricKind.Summary;

    /// <summary>The definition of the metric, whose labels are these.</summary>
    internal MetricOptions Define(string name, MetricKind type, IReadOnlyList<string> labels)
    {
        MetricOptions definition = type switch
        {
            MetricKind.Counter => new CounterOptions(name),
            MetricKind.Gauge => new GaugeOptions(name),
            MetricKind.Histogram => new HistogramOptions(name),
            _ => new SummaryOptions(name),
        };
        return definition with { Help = Help, Unit = Unit, LabelNames = labels };
    }
}
