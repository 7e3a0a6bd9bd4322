using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>The official exporter for our own instruments, which tells of every batch.</summary>
internal sealed class OwnMetricsOtlpExporter(OtlpExporterOptions options, ExportReport report) : OtlpMetricExporter(options)
{
    /// <summary>How many metrics the last batch had, and how long it took to send: what <see cref="OwnMetricsReader"/> leaves out of its collection.</summary>
    internal (int Metrics, long Started) Last { get; private set; }

    public override ExportResult Export(in Batch<Metric> metrics)
    {
        var started = report.Start();
        Last = ((int)metrics.Count, started);
        return report.Ended(started, metrics.Count, base.Export(metrics));
    }
}
