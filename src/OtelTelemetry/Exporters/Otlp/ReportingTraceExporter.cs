using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>The official exporter, which tells of every batch. A subclass, since one around it would lose the resource.</summary>
internal sealed class ReportingTraceExporter(OtlpExporterOptions options, ExportReport report) : OtlpTraceExporter(options)
{
    public override ExportResult Export(in Batch<Activity> activityBatch)
    {
        var started = report.Start();
        return report.Ended(started, activityBatch.Count, base.Export(activityBatch));
    }
}
