using System.Diagnostics;
using OtelTelemetry.Instrumentation;
using OtelTelemetry.Tests.Metrics;
using OtelTelemetry.Tracing;
using Samples;

namespace OtelTelemetry.Tests.Samples;

/// <summary>The samples do what the documents they come from say.</summary>
public class SampleTests : MetricsTestBase
{
    [Test]
    public void UtilityFog_basics()
    {
        UtilityFogSamples.Basics(Metrics);
        UtilityFogSamples.FindAgain(Metrics);

        Assert.That(Metrics.GetCounter("requests_total").Get(), Is.EqualTo(8));
        Assert.That(Metrics.GetGauge("active_connections").Get(), Is.EqualTo(41));
        Assert.That(Metrics.GetHistogram("request_duration_seconds").Get()!.Count, Is.EqualTo(2));
        Assert.That(Metrics.GetHistogram("request_duration_seconds").Get()!.Sum, Is.EqualTo(0.579).Within(1e-12));
    }

    [Test]
    public void UtilityFog_events()
    {
        UtilityFogSamples.Events(Metrics);

        var login = Registry.Events.GetEvents(new() { Name = "user_login" }).Single();
        Assert.That(login.Labels["source"], Is.EqualTo("web"));
        Assert.That(((IReadOnlyDictionary<string, object?>)login.Value!)["user_id"], Is.EqualTo("12345"));
        Assert.That(Registry.Events.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task UtilityFog_callbacks() =>
        Assert.That(await UtilityFogSamples.Hooks(Metrics, Registry.Hooks), Is.EqualTo(new[] { "user_login", "requests_total 1" }));

    [Test]
    public void UtilityFog_hooks()
    {
        UtilityFogSamples.Coordination(Metrics);
        UtilityFogSamples.Messaging(Metrics);
        UtilityFogSamples.Health(Metrics);

        Assert.That(Metrics.GetCounter("coordination_messages_total").Get(), Is.EqualTo(2));
        Assert.That(Metrics.GetGauge("coordination_active_nodes").Get(), Is.EqualTo(4));
        Assert.That(Metrics.GetHistogram("coordination_message_latency_seconds").Get()!.Sum, Is.EqualTo(0.012));
        Assert.That(Metrics.GetCounter("messages_sent_total").Get(), Is.EqualTo(1));
        Assert.That(Metrics.GetCounter("messages_received_total").Get(), Is.EqualTo(1));
        Assert.That(Metrics.GetGauge("message_queue_size").Get(), Is.EqualTo(7));
        Assert.That(Metrics.GetHistogram("message_processing_duration_seconds").Get()!.Count, Is.EqualTo(1));
        Assert.That(Metrics.GetGauge("health_status").Get(), Is.EqualTo(2));
        Assert.That(Metrics.GetCounter("health_checks_total").Get(), Is.EqualTo(1));
        Assert.That(Metrics.GetHistogram("health_check_duration_seconds").Get()!.Sum, Is.EqualTo(0.04));
    }

    [Test]
    public void UtilityFog_metric_types()
    {
        UtilityFogSamples.MetricTypes(Metrics);

        Assert.That(Metrics.GetCounter("http_requests_total").Get(), Is.EqualTo(6));
        Assert.That(Metrics.GetGauge("memory_usage_bytes").Get(), Is.EqualTo(1_024_050));
        Assert.That(Metrics.GetHistogram("api_response_time").Get()!.BucketCounts, Is.EqualTo(new long[] { 0, 0, 0, 1, 0, 0, 0 }));
    }

    [Test]
    public void IA_Modules_quick_start()
    {
        var text = IaModulesSamples.QuickStart(Metrics);

        Assert.That(text, Does.Contain("myapp_pipeline_executions_total{pipeline_name=\"data_processor\",status=\"success\"} 1\n"));
        Assert.That(text, Does.Contain("myapp_pipeline_duration_seconds_sum{pipeline_name=\"data_processor\"} 1.25\n"));
    }

    [Test]
    public void IA_Modules_metric_types()
    {
        Assert.That(IaModulesSamples.MetricTypes(Metrics), Is.EqualTo(1));

        Assert.That(Metrics.GetCounter("http_requests_total").Get("POST", "/users", "201"), Is.EqualTo(1));
        Assert.That(Metrics.GetGauge("active_connections").Get(), Is.EqualTo(42));
        Assert.That(Metrics.GetHistogram("request_duration_seconds").Get("/api/users")!.Sum, Is.EqualTo(0.125));
        Assert.That(Metrics.GetSummary("request_latency_seconds").With("api").GetQuantile(0.99), Is.EqualTo(0.075).Within(2).Percent);
    }

    [Test]
    public void IA_Modules_pipeline_metrics()
    {
        IaModulesSamples.PipelineMetrics(Metrics);

        const string name = "data_processor";
        Assert.That(Metrics.GetCounter("pipeline_executions_total").Get(name, "success"), Is.EqualTo(1));
        Assert.That(Metrics.GetCounter("pipeline_executions_total").Get(name, "error"), Is.EqualTo(1));
        Assert.That(Metrics.GetHistogram("pipeline_duration_seconds").Get(name)!.Sum, Is.EqualTo(1.75));
        Assert.That(Metrics.GetCounter("pipeline_steps_total").Get(name, "load", "success"), Is.EqualTo(1));
        Assert.That(Metrics.GetCounter("pipeline_steps_total").Get(name, "transform", "error"), Is.EqualTo(1));
        Assert.That(Metrics.GetHistogram("pipeline_step_duration_seconds").Get(name, "load")!.Sum, Is.EqualTo(0.25));
        Assert.That(Metrics.GetCounter("pipeline_errors_total").Get(name, "timeout"), Is.EqualTo(1));
        Assert.That(Metrics.GetCounter("pipeline_api_calls_total").Get(name), Is.EqualTo(3));
        Assert.That(Metrics.GetCounter("pipeline_cost_usd").Get(name), Is.EqualTo(0.02));
        Assert.That(Metrics.GetCounter("pipeline_items_total").Get(name), Is.EqualTo(100));
        Assert.That(Metrics.GetGauge("pipeline_queue_depth").Get(name), Is.EqualTo(12));
    }

    [Test]
    public async Task IA_Modules_complete_example()
    {
        using var tracer = new SimpleTracer("samples" + Guid.NewGuid().ToString("N"));
        var spans = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == tracer.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => spans.Add(span.DisplayName),
        };
        ActivitySource.AddActivityListener(listener);

        await IaModulesSamples.CompleteExample(Metrics, tracer, ["one", "two"]);
        Assert.ThrowsAsync<FormatException>(() => IaModulesSamples.CompleteExample(Metrics, tracer, ["three", "bad", "four"]));

        var executions = Metrics.GetCounter("pipeline_executions_total");
        Assert.That((executions.Get("data_processor", "success"), executions.Get("data_processor", "error")), Is.EqualTo((1, 1)));
        Assert.That(Metrics.GetCounter("pipeline_items_total").Get("data_processor"), Is.EqualTo(3));
        Assert.That(Metrics.GetCounter("pipeline_errors_total").Get("data_processor", "FormatException"), Is.EqualTo(1));
        Assert.That(Metrics.GetGauge("pipeline_active_executions").Get("data_processor"), Is.Zero);
        Assert.That(spans, Is.EqualTo(new[] { "process_item", "process_item", "pipeline_execution", "process_item", "process_item", "pipeline_execution" }));
    }

    [Test]
    public async Task IA_Modules_decorators()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TracedAttribute.DefaultSource,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        Assert.That(await IaModulesDecoratorSamples.Run(), Is.EqualTo(50));

        Assert.That(spans.Select(span => span.OperationName), Is.EqualTo(new[] { "expensive_operation", "sync_operation" }));
        Assert.That(spans[0].GetTagItem("items"), Is.EqualTo(4));
    }

    [Test]
    public void ClusterDB_metrics_collection()
    {
        ClusterDbSamples.MetricsCollection(Metrics);

        Assert.That(Metrics.GetCounter("http_requests_total").Get("GET", "/api/users", "200"), Is.EqualTo(1));
        Assert.That(Metrics.GetHistogram("request_duration_seconds").Get("GET", "/api/users")!.Sum, Is.EqualTo(0.23));
    }

    [Test]
    public async Task ClusterDB_declared_in_YAML()
    {
        await using var telemetry = await ClusterDbSamples.DeclaredMetrics();

        Assert.That((telemetry.Options.ServiceName, telemetry.Options.Environment), Is.EqualTo(("api-service", "production")));
        Assert.That(telemetry.Options.Metrics.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["team"] = "platform", ["region"] = "us-west" }));
        Assert.That(telemetry.Metrics.GetCounter("http_requests_total").Get("GET", "/api/users", "200"), Is.EqualTo(1));
        Assert.That(telemetry.Metrics.GetHistogram("request_duration_seconds").Get("GET", "/api/users")!.BucketCounts, Is.EqualTo(new long[] { 0, 0, 0, 1, 0, 0 }));
    }

    [Test]
    public async Task PepperPy_declared_in_code()
    {
        await using var telemetry = await TelemetryManager.StartAsync(PepperPySamples.DeclaredMetrics(), new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build());

        PepperPySamples.TrackRequest(telemetry.Metrics);

        Assert.That(telemetry.Metrics.GetCounter("requests").Get("GET", "/users"), Is.EqualTo(1));
        Assert.That(telemetry.Metrics.GetHistogram("latency").Get()!.BucketCounts, Is.EqualTo(new long[] { 0, 1, 0, 0 }));
        Assert.That(telemetry.Metrics.GetCounter("errors").Get("404"), Is.EqualTo(1));
    }
}
