using OtelTelemetry.Configuration;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>Metrics by name, as the kind they are.</summary>
public sealed partial class MetricsCollector
{
    /// <summary>The most names a message lists.</summary>
    private const int MostNames = 20;

    /// <summary>The counter of this name, which was declared (<see cref="TelemetryMetricsOptions.Definitions"/>) or made before.</summary>
    /// <param name="name">The full name, or the name without namespace and subsystem.</param>
    /// <exception cref="MetricLookupException">There is none, or the metric is of another kind.</exception>
    public Counter GetCounter(string name) => Get<Counter>(name, MetricKind.Counter);

    /// <summary>The gauge of this name, which was declared (<see cref="TelemetryMetricsOptions.Definitions"/>) or made before.</summary>
    /// <param name="name">The full name, or the name without namespace and subsystem.</param>
    /// <exception cref="MetricLookupException">There is none, or the metric is of another kind.</exception>
    public Gauge GetGauge(string name) => Get<Gauge>(name, MetricKind.Gauge);

    /// <summary>The histogram of this name, which was declared (<see cref="TelemetryMetricsOptions.Definitions"/>) or made before.</summary>
    /// <param name="name">The full name, or the name without namespace and subsystem.</param>
    /// <exception cref="MetricLookupException">There is none, or the metric is of another kind.</exception>
    public Histogram GetHistogram(string name) => Get<Histogram>(name, MetricKind.Histogram);

    /// <summary>The summary of this name, which was declared (<see cref="TelemetryMetricsOptions.Definitions"/>) or made before.</summary>
    /// <param name="name">The full name, or the name without namespace and subsystem.</param>
    /// <exception cref="MetricLookupException">There is none, or the metric is of another kind.</exception>
    public Summary GetSummary(string name) => Get<Summary>(name, MetricKind.Summary);

    private TMetric Get<TMetric>(string name, MetricKind kind)
        where TMetric : MetricInstrument
    {
        var there = GetMetric(name);
        return there as TMetric ?? throw new MetricLookupException(name, there is null ? NotThere(name, kind) : OtherKind(name, kind, there));
    }

    private string NotThere(string name, MetricKind kind)
    {
        string[] names = [.. ListMetrics().Select(metric => metric.Name)];
        var meant = Nearest(name, names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        var rest = names.Length > MostNames ? $" and {names.Length - MostNames} more" : "";
        var list = names.Length == 0 ? "The collector has no metrics yet." : $"The collector has: {string.Join(", ", names.Take(MostNames))}{rest}.";
        var type = kind.ToString();
        return $"There is no metric '{name}'.{meant} {list} Declare it as Telemetry:Metrics:Definitions:{name} with Type {type.ToLowerInvariant()}, or make it with Create{type} before it is asked for.";
    }

    private static string OtherKind(string name, MetricKind kind, MetricInstrument there) =>
        $"The metric '{name}' is a {there.Kind}, not a {kind}. It is: {there}. Ask for it as a {there.Kind}, or give the {kind.ToString().ToLowerInvariant()} a name of its own.";

    /// <summary>A name spelt nearly so; else one of which the name is a part, as it is when the suffix was forgotten.</summary>
    private static string? Nearest(string name, string[] names) =>
        NearestName.Of(name, names, Math.Max(UnknownKeys.MostDifferences, name.Length / 4))
        ?? (name.Length > 0 ? names.FirstOrDefault(candidate => candidate.Contains(name, StringComparison.OrdinalIgnoreCase)) : null);
}
