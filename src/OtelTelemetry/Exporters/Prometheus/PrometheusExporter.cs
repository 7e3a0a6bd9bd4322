using System.Text;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>
/// Turns metric families into Prometheus text, for programs that export by hand:
/// <c>exporter.Export(collector.CollectAll()); var text = exporter.GetMetricsText();</c>.
/// An application that is scraped needs none: the endpoint reads its metrics itself. Thread-safe.
/// </summary>
public sealed class PrometheusExporter
{
    private readonly ExportedFamilies _families = new();

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, copied here; null for the defaults.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public PrometheusExporter(PrometheusExporterOptions? options = null)
    {
        var settings = options ?? new PrometheusExporterOptions();
        var errors = settings.Validate("PrometheusExporterOptions").ToArray();
        if (errors.Length > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        Handler = new PrometheusScrapeHandler(new MetricReadModel(_families), settings);
    }

    /// <summary>Answers scrapes with what was exported last; a <see cref="PrometheusHttpServer"/> can serve it.</summary>
    public PrometheusScrapeHandler Handler { get; }

    /// <summary>Takes the families that are shown from now on, in place of those of the last call.</summary>
    public void Export(IReadOnlyList<MetricFamily> families)
    {
        ArgumentNullException.ThrowIfNull(families);
        _families.Current = [.. families.Select(family => new MaterializedFamilyReader(family))];
    }

    /// <summary>What was exported last, as Prometheus text 0.0.4; empty before the first export.</summary>
    public string GetMetricsText() => GetMetricsText(default);

    /// <summary>What was exported last, in a format of choice.</summary>
    public string GetMetricsText(PrometheusFormat format)
    {
        using var text = new MemoryStream();
        // Writing to memory completes at once: there is nothing to wait for.
        Handler.WriteAsync(text, format).GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private sealed class ExportedFamilies : IMetricSource
    {
        public MaterializedFamilyReader[] Current { get; set; } = [];

        public void Collect(MetricCollection collection)
        {
            foreach (var family in Current) collection.Add(family);
        }
    }
}
