using OpenTelemetry.Metrics;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Collects our own instruments for OTLP: a collection of metrics like a scrape's, and counted as one.</summary>
internal sealed class OwnMetricsReader(OwnMetricsOtlpExporter sender, PipelineObserver observer, int intervalMilliseconds, int timeoutMilliseconds)
    : PeriodicExportingMetricReader(sender, intervalMilliseconds, timeoutMilliseconds)
{
    private readonly OwnMetricsOtlpExporter _sender = sender;

    protected override bool OnCollect(int timeoutMilliseconds)
    {
        var started = observer.Start();
        var done = base.OnCollect(timeoutMilliseconds);

        // The collection ends where the sending begins; no batch at all means that it failed.
        var (metrics, sending) = _sender.Last;
        var collected = sending >= started;
        observer.Collected(observer.Between(started, collected ? sending : observer.Start()), collected ? metrics : 0, collected ? 0 : 1);
        return done;
    }
}
