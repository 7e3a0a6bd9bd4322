using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>The official exporter, which tells of every batch. A subclass, since one around it would lose the resource.</summary>
internal sealed class ReportingTraceExporter(OtlpExporterOptions options, ExportReport report) : OtlpTraceExporter(options)
{
    private readonly Lock _underWay = new();

    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        lock (_underWay)
        {
            var started = report.Start();
            return report.Ended(started, activityBatch.Count, base.Export(activityBatch));
        }
    }

    /// <summary>Waits for the export that is under way.</summary>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        if (!_underWay.TryEnter(timeoutMilliseconds)) return false;
        _underWay.Exit();
        return true;
    }
}
