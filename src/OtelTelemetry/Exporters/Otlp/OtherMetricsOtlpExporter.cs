using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>The official exporter without our own instruments, which are sent from a provider of their own: nothing is sent twice.</summary>
internal sealed class OtherMetricsOtlpExporter(OtlpExporterOptions options, Func<string, string, bool> isOwned, ExportReport report) : OtlpMetricExporter(options)
{
    // A reader exports one batch at a time, so one array serves them all.
    private Metric[] _kept = [];

    public override ExportResult Export(in Batch<Metric> metrics)
    {
        if (_kept.Length < metrics.Count) _kept = new Metric[metrics.Count];
        var count = 0;
        foreach (var metric in metrics)
        {
            if (!isOwned(metric.MeterName, metric.Name)) _kept[count++] = metric;
        }

        if (count == 0) return ExportResult.Success;
        var started = report.Start();
        return report.Ended(started, count, base.Export(new Batch<Metric>(_kept, count)));
    }
}
