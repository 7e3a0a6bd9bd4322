using System.Diagnostics;
using OtelTelemetry;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing;

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

    /// <summary>"Tracing", TracerConfig(service_name, sample_rate): the part of new traces that is recorded is a setting of the application.</summary>
    public static TelemetryOptions TracerConfig()
    {
        var options = new TelemetryOptions { ServiceName = "api", Environment = "production" };
        options.Traces.SamplingRate = 0.1;
        return options;
    }

    /// <summary>"Tracing", start_span(...) with its attributes.</summary>
    public static async Task ProcessRequest(SimpleTracer tracer, Func<Task> processRequest)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        ArgumentNullException.ThrowIfNull(processRequest);
        await using var span = tracer.StartSpan("process_request");
        span.SetAttribute("method", "GET");
        span.SetAttribute("path", "/api/users");

        await processRequest();
    }

    /// <summary>"Distributed Tracing": the caller's context from the headers, a span below it, and the exception on the span.</summary>
    public static async Task<int> TraceRequest(
        SimpleTracer tracer, string method, string path, IReadOnlyDictionary<string, string> headers, Func<Task<int>> processRequest)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        ArgumentNullException.ThrowIfNull(processRequest);
        var context = tracer.Extract(headers);
        await using var span = tracer.StartSpan("handle_request", context, ActivityKind.Server);
        try
        {
            span.SetAttribute("http.request.method", method);
            span.SetAttribute("url.path", path);
            var status = await processRequest();
            span.SetAttribute("http.response.status_code", status);
            return status;
        }
        catch (Exception exception)
        {
            span.RecordException(exception);
            throw;
        }
    }
}
