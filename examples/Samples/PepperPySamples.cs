using OtelTelemetry;
using OtelTelemetry.Metrics;

namespace Samples;

/// <summary>What the PepperPy telemetry document shows, in C#.</summary>
public static class PepperPySamples
{
    /// <summary>"Metrics Configuration", configure_collector(): metrics declared as data, in code.</summary>
    public static TelemetryOptions DeclaredMetrics()
    {
        var options = new TelemetryOptions { ServiceName = "api", Environment = "production" };
        options.Metrics.Labels["version"] = "1.0.0";
        options.Metrics.Definitions.Add(new CounterOptions("requests") { Help = "Total requests", LabelNames = ["method", "path"] });
        options.Metrics.Definitions.Add(new HistogramOptions("latency") { Help = "Request latency", Buckets = [0.1, 0.5, 1.0] });
        options.Metrics.Definitions.Add(new CounterOptions("errors") { Help = "Total errors", LabelNames = ["code"] });
        return options;
    }

    /// <summary>"API Telemetry": the declared metrics by their names.</summary>
    public static void TrackRequest(MetricsCollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        collector.GetCounter("requests").Inc("GET", "/users");
        collector.GetHistogram("latency").Observe(0.25);
        collector.GetCounter("errors").Inc("404");
    }
}
