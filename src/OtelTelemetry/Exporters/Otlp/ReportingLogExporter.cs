using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Tells of every batch of the official exporter, which is sealed. <see cref="ProviderGiver"/> lets the exporter know its provider.</summary>
internal sealed class ReportingLogExporter(OtlpLogExporter exporter, ExportReport report) : BaseExporter<LogRecord>
{
    private readonly Lock _underWay = new();

    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        lock (_underWay)
        {
            var started = report.Start();
            return report.Ended(started, batch.Count, exporter.Export(batch));
        }
    }

    /// <summary>Waits for the export that is under way.</summary>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        if (!_underWay.TryEnter(timeoutMilliseconds)) return false;
        _underWay.Exit();
        return true;
    }

    protected override bool OnShutdown(int timeoutMilliseconds) => exporter.Shutdown(timeoutMilliseconds);

    protected override void Dispose(bool disposing)
    {
        if (disposing) exporter.Dispose();
        base.Dispose(disposing);
    }
}
