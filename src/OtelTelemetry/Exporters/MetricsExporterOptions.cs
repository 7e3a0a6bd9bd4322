using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters;

/// <summary>
/// The settings all exporters of metrics have, and how one is made (<c>Telemetry:Exporters:&lt;name&gt;</c>). The values are copied when
/// the exporter is made. Derive from it for an exporter of your own.
/// </summary>
public abstract class MetricsExporterOptions
{
    /// <summary>How often metrics are exported; more than zero. Default: 15 seconds.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The most time an export may take; more than zero. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Names of the metrics to export, as they were registered; <c>*</c> stands for any text. Default: empty, which is all.</summary>
    public IList<string> Include { get; } = [];

    /// <summary>Names of metrics not to export; <c>*</c> stands for any text. Default: none.</summary>
    public IList<string> Exclude { get; } = [];

    /// <summary>Only series whose labels have these values are exported; <c>*</c> stands for any text. A series without the label is left out. Default: none.</summary>
    public IDictionary<string, string> Where { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How what it sends over HTTP is delivered, where that is not as for all (<c>Telemetry:Delivery</c>).</summary>
    public DestinationOptions Delivery { get; } = new();

    /// <summary>Makes the exporter.</summary>
    /// <param name="context">What it is made with.</param>
    public abstract MetricsExporter Create(ExporterContext context);

    /// <summary>Whether the exporter shows exemplars, which are then kept.</summary>
    internal virtual bool WantsExemplars => false;

    /// <summary>What is wrong with the settings: the property, the problem, the remedy. Never a secret.</summary>
    internal virtual IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Interval <= TimeSpan.Zero) yield return (nameof(Interval), $"{Interval} is no interval", "Allowed: more than zero, such as 15s");
        if (Timeout <= TimeSpan.Zero) yield return (nameof(Timeout), $"{Timeout} is no time to export", "Allowed: more than zero, such as 10s");
        foreach (var (property, problem, remedy) in Delivery.Check()) yield return ($"Delivery:{property}", problem, remedy);
    }
}
