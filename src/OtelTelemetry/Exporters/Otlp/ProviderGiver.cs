using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Lets an exporter inside another know the provider, and with it the resource: only processors are told, and pass it on to the exporter they hold.
/// It does nothing else; the exporter is used and ended by <see cref="ReportingLogExporter"/>.</summary>
internal sealed class ProviderGiver(OtlpLogExporter exporter) : BaseExportProcessor<LogRecord>(exporter)
{
    protected override void OnExport(LogRecord data)
    {
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => true;

    protected override bool OnShutdown(int timeoutMilliseconds) => true;
}
