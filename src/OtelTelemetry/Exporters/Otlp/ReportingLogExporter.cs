using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Tells of every batch of the official exporter, which is sealed. <see cref="ProviderGiver"/> lets the exporter know its provider.</summary>
internal sealed class ReportingLogExporter(OtlpLogExporter exporter, ExportReport report) : BaseExporter<LogRecord>
{
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        var started = report.Start();
        return report.Ended(started, batch.Count, exporter.Export(batch));
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => exporter.ForceFlush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing) exporter.Dispose();
        base.Dispose(disposing);
    }
}
