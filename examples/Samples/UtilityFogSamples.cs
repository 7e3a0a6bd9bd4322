using System.Collections.Concurrent;
using OtelTelemetry.Collectors;
using OtelTelemetry.Hooks;
using OtelTelemetry.Instruments;
using OtelTelemetry.Metrics;

namespace Samples;

/// <summary>What the UtilityFog telemetry document shows, in C#.</summary>
public static class UtilityFogSamples
{
    /// <summary>"Basic Setup" and "Recording Metrics": register, then record.</summary>
    public static void Basics(MetricsCollector collector)
    {
        var counter = collector.CreateCounter("requests_total", "Total HTTP requests");
        var gauge = collector.CreateGauge("active_connections", "Active connections");
        var histogram = collector.CreateHistogram("request_duration_seconds", "Request duration");

        counter.Inc();
        counter.Inc(5);

        gauge.Set(42);
        gauge.Inc(1);
        gauge.Dec(2);

        histogram.Observe(0.123);
        histogram.Observe(0.456);
    }

    /// <summary>"Coordination System Hooks": setup_coordination_hooks(collector).</summary>
    public static void Coordination(MetricsCollector collector)
    {
        var coordination = new CoordinationInstruments(collector);

        coordination.ActiveNodes(3);
        coordination.NodeJoined();
        coordination.MessageExchanged(TimeSpan.FromMilliseconds(12));
        coordination.MessageExchanged();
    }

    /// <summary>"Messaging System Hooks": setup_messaging_hooks(collector).</summary>
    public static void Messaging(MetricsCollector collector)
    {
        var messaging = new MessagingInstruments(collector);

        messaging.MessageSent();
        messaging.MessageReceived();
        messaging.QueueSize(7);
        using (messaging.MeasureProcessing())
        {
            // The message is processed here.
        }
    }

    /// <summary>"Health System Hooks": setup_health_hooks(collector).</summary>
    public static void Health(MetricsCollector collector)
    {
        var health = new HealthInstruments(collector);

        health.StatusChanged(HealthState.Healthy);
        health.CheckCompleted(HealthState.Degraded, TimeSpan.FromMilliseconds(40));
    }

    /// <summary>"Metric Types" and "Custom Buckets".</summary>
    public static void MetricTypes(MetricsCollector collector)
    {
        var counter = collector.CreateCounter("http_requests_total", "Total HTTP requests");
        counter.Inc();
        counter.Inc(5.0);

        var gauge = collector.CreateGauge("memory_usage_bytes", "Memory usage in bytes");
        gauge.Set(1_024_000);
        gauge.Inc(100);
        gauge.Dec(50);

        var histogram = collector.CreateHistogram("api_response_time", "API response time distribution", [0.001, 0.01, 0.1, 0.5, 1, 5]);
        histogram.Observe(0.234);
    }

    /// <summary>"get_metric(name)": a metric that was registered before, by its name.</summary>
    public static void FindAgain(MetricsCollector collector) => collector.GetCounter("requests_total").Inc(2);

    /// <summary>"Event Recording": structured events, with labels to find them by.</summary>
    public static void Events(MetricsCollector collector)
    {
        collector.RecordEvent("user_login", new Dictionary<string, object?> { ["user_id"] = "12345" }, ("source", "web"));
        collector.RecordEvent("error_occurred", new Dictionary<string, object?>
        {
            ["error_type"] = "connection_timeout",
            ["details"] = "Failed to connect to database",
        });
    }

    /// <summary>"add_hook(hook_type, callback)": a callback that hears events and what is recorded by name.</summary>
    public static async Task<IReadOnlyList<string>> Hooks(MetricsCollector collector, TelemetryHooks hooks)
    {
        var heard = new ConcurrentQueue<string>();
        using (hooks.OnEvent(e => heard.Enqueue(e.Name)))
        using (hooks.OnRecord(metric => heard.Enqueue($"{metric.Name} {metric.Value}")))
        {
            collector.RecordEvent("user_login");
            await hooks.FlushAsync();
            collector.Record("requests_total", 1);
            await hooks.FlushAsync();
        }

        return [.. heard];
    }
}
