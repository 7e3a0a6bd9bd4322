using OpenTelemetry;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Tells of what became of each batch of one exporter: hooks, log lines, and the items that are lost. Thread-safe.</summary>
internal sealed class ExportReport(PipelineObserver observer, string signal, Uri endpoint, bool countsLosses = true)
{
    private readonly string _component = "otlp_" + signal;

    // Without what may be secret in it.
    private readonly string _receiver = endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    internal long Start() => observer.Start();

    internal ExportResult Ended(long started, long items, ExportResult result)
    {
        var duration = observer.Exported(_component, items, null, started, result == ExportResult.Success);
        if (result == ExportResult.Success || !countsLosses) return result;

        // Metrics are sent again with the next batch, as they are then.
        var isLost = signal != "metrics";
        if (isLost) TelemetryLosses.Count(signal, _component, "export_failed", items);
        TelemetryErrors.Report(Diagnostic.ExportFailed,
            _component,
            $"a batch of {signal} ({items} items) could not be sent to {_receiver} within {duration.TotalSeconds:0.0} s" + (isLost ? ", and is lost" : ""),
            "Check that an OTLP receiver listens there and speaks the protocol that is set (Telemetry:Otlp:Endpoint, Telemetry:Otlp:Protocol)");
        return result;
    }
}
