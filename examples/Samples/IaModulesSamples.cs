using System.Diagnostics;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Instruments;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing;
using OtelTelemetry.Tracing.Store;

namespace Samples;

/// <summary>What the guide to monitoring IA Modules pipelines shows, in C#.</summary>
public static class IaModulesSamples
{
    /// <summary>"Quick Start": track executions, then write them for Prometheus.</summary>
    public static string QuickStart(MetricsCollector collector)
    {
        var executions = collector.CreateCounter("pipeline_executions_total", "Total pipeline executions", "pipeline_name", "status");
        var duration = collector.CreateHistogram("pipeline_duration_seconds", "Pipeline execution duration", "pipeline_name");

        executions.Inc("data_processor", "success");
        duration.Observe(1.25, "data_processor");

        var exporter = new PrometheusExporter(new PrometheusExporterOptions { Prefix = "myapp" });
        exporter.Export(collector.CollectAll());
        return exporter.GetMetricsText();
    }

    /// <summary>"Metric Types": counter, gauge, histogram, summary.</summary>
    public static double MetricTypes(MetricsCollector collector)
    {
        var requests = collector.CreateCounter("http_requests_total", "Total HTTP requests", "method", "endpoint", "status");
        requests.Inc("GET", "/users", "200");
        requests.Inc("POST", "/users", "201");

        var connections = collector.CreateGauge("active_connections", "Current active connections");
        connections.Inc();
        connections.Dec();
        connections.Set(42);

        var duration = collector.CreateHistogram("request_duration_seconds", "Request duration", [0.01, 0.05, 0.1, 0.5, 1, 5, 10], "endpoint");
        duration.Observe(0.125, "/api/users");
        duration.Observe(0.053, "/api/posts");

        var latency = collector.CreateSummary(new SummaryOptions("request_latency_seconds")
        {
            Help = "Request latency",
            LabelNames = ["service"],
            Quantiles = [0.5, 0.9, 0.95, 0.99],
        });
        latency.Observe(0.075, "api");

        return requests.Get("GET", "/users", "200");
    }

    /// <summary>"Custom Dashboard": all metrics of pipelines, ready made.</summary>
    public static void PipelineMetrics(MetricsCollector collector)
    {
        var pipeline = new PipelineInstruments(collector);

        pipeline.ExecutionSucceeded("data_processor", TimeSpan.FromSeconds(1.25));
        pipeline.ExecutionFailed("data_processor", TimeSpan.FromSeconds(0.5));
        pipeline.StepSucceeded("data_processor", "load", TimeSpan.FromSeconds(0.25));
        pipeline.StepFailed("data_processor", "transform", TimeSpan.FromSeconds(0.1));
        pipeline.ErrorOccurred("data_processor", "timeout");
        pipeline.ApiCalled("data_processor", count: 3);
        pipeline.CostAdded("data_processor", usd: 0.02);
        pipeline.ItemsProcessed("data_processor", 100);
        pipeline.QueueDepth("data_processor", 12);
    }

    /// <summary>"Complete Example": a pipeline whose executions, items and errors are counted, measured and traced.</summary>
    public static async Task CompleteExample(MetricsCollector collector, SimpleTracer tracer, IReadOnlyCollection<string> items)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        ArgumentNullException.ThrowIfNull(items);
        const string name = "data_processor";
        var pipeline = new PipelineInstruments(collector);
        using var span = tracer.StartSpan("pipeline_execution");
        span.SetAttribute("pipeline.name", name);
        span.SetAttribute("items.count", items.Count);

        using var execution = pipeline.StartExecution(name);
        try
        {
            foreach (var item in items)
            {
                using var itemSpan = tracer.StartSpan("process_item");
                itemSpan.SetAttribute("item.id", item);
                await ProcessItem(item).ConfigureAwait(false);
                pipeline.ItemsProcessed(name);
            }

            execution.Complete();
        }
        catch (Exception exception)
        {
            execution.Fail(exception);
            throw;
        }
    }

    /// <summary>"Simple Tracer (Development)": spans that are read back in the program itself.</summary>
    public static IReadOnlyList<EndedSpan> Development()
    {
        using var store = new SpanStore(1000);
        using var tracer = new SimpleTracer("development", store: store);

        var span = tracer.StartSpan("fetch_user");
        span.SetAttribute("user_id", 123);
        span.AddEvent("database_query", ("query", "SELECT * FROM users"));
        span.AddEvent("cache_update", ("hit", false));
        span.SetStatus(ActivityStatusCode.Ok);
        tracer.EndSpan(span);

        var spans = tracer.GetSpans(span.TraceId);
        tracer.Clear(); // "Clean Up Resources"
        return spans;
    }

    /// <summary>"View traces": name, duration and status of every span.</summary>
    public static string ViewTraces(SimpleTracer tracer)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        return string.Concat(tracer.GetSpans().Select(span => FormattableString.Invariant($"{span.Name}: {span.Duration.TotalSeconds:0.000}s - {span.Status}\n")));
    }

    /// <summary>"OpenTelemetry Tracer": every tracer is one, since a span is an activity.</summary>
    public static void ProcessBatch(SimpleTracer tracer)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        var span = tracer.StartSpan("process_batch");
        span.SetAttribute("batch_size", 1000);
        tracer.EndSpan(span);
    }

    /// <summary>"Trace Context", trace_context(...): the block is the span, and an exception that leaves it marks it.</summary>
    public static Task<int> TraceContext(SimpleTracer tracer, Func<Task<int>> callApi)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        ArgumentNullException.ThrowIfNull(callApi);
        tracer.Trace("database_transaction", span =>
        {
            span.SetAttribute("table", "users");
            span.AddEvent("record_inserted");
            span.AddEvent("committed");
        });

        return tracer.Trace("api_call", async span =>
        {
            var status = await callApi().ConfigureAwait(false);
            span.SetAttribute("status_code", status);
            return status;
        });
    }

    /// <summary>"Add Context to Spans": attributes, and events with their own.</summary>
    public static void AddContext(SimpleTracer tracer, IReadOnlyCollection<string> items)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        ArgumentNullException.ThrowIfNull(items);
        using var span = tracer.StartSpan("process_batch");
        span.SetAttribute("batch_size", items.Count);
        span.SetAttribute("source", "s3");
        span.AddEvent("download_complete", ("bytes", items.Sum(item => item.Length)));
        span.AddEvent("validation_passed");
    }

    private static Task ProcessItem(string item) =>
        item == "bad" ? throw new FormatException("This item cannot be processed.") : Task.CompletedTask;
}
