using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Instruments;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Instruments;

public class InstrumentSetTests : MetricsTestBase
{
    private static readonly Func<MetricsCollector, object>[] s_sets =
    [
        collector => new CoordinationInstruments(collector), collector => new MessagingInstruments(collector),
        collector => new HealthInstruments(collector), collector => new PipelineInstruments(collector),
    ];

    [Test]
    public void The_names_are_those_of_the_documents()
    {
        foreach (var make in s_sets) make(Metrics);
        Assert.That(Metrics.ListMetrics().Select(metric => $"{metric.Kind} {metric.Name}({string.Join(",", metric.LabelNames)})"), Is.EqualTo(new[]
        {
            "Gauge coordination_active_nodes()",
            "Histogram coordination_message_latency_seconds()",
            "Counter coordination_messages_total()",
            "Histogram health_check_duration_seconds()",
            "Counter health_checks_total()",
            "Gauge health_status()",
            "Histogram message_processing_duration_seconds()",
            "Gauge message_queue_size()",
            "Counter messages_received_total()",
            "Counter messages_sent_total()",
            "Gauge pipeline_active_executions(pipeline_name)",
            "Counter pipeline_api_calls_total(pipeline_name)",
            "Counter pipeline_cost_usd(pipeline_name)",
            "Histogram pipeline_duration_seconds(pipeline_name)",
            "Counter pipeline_errors_total(pipeline_name,error_type)",
            "Counter pipeline_executions_total(pipeline_name,status)",
            "Counter pipeline_items_total(pipeline_name)",
            "Gauge pipeline_queue_depth(pipeline_name)",
            "Histogram pipeline_step_duration_seconds(pipeline_name,step_name)",
            "Counter pipeline_steps_total(pipeline_name,step_name,status)",
        }));
        Assert.That(Metrics.ListMetrics().Select(metric => metric.Help), Has.None.Empty);
    }

    [Test]
    public void A_namespace_comes_before_the_names()
    {
        using var shop = CreateCollector(options => options with { Namespace = "shop" });
        new MessagingInstruments(shop).MessageSent();
        Assert.That(shop.GetCounter("shop_messages_sent_total").Get(), Is.EqualTo(1));
    }

    [Test]
    public void Sets_on_one_collector_share_their_metrics()
    {
        foreach (var make in s_sets) make(Metrics);
        var before = Metrics.ListMetrics();

        foreach (var make in s_sets) make(Metrics);

        Assert.That(Metrics.ListMetrics(), Is.EqualTo(before));
        new MessagingInstruments(Metrics).MessageSent();
        new MessagingInstruments(Metrics).MessageSent();
        Assert.That(Metrics.GetCounter("messages_sent_total").Get(), Is.EqualTo(2));
    }

    [Test]
    public void Collectors_of_one_registry_share_them_too()
    {
        using var other = CreateCollector(options => options);
        new PipelineInstruments(Metrics).ItemsProcessed("p");
        new PipelineInstruments(other).ItemsProcessed("p", 2);
        Assert.That(Metrics.GetCounter("pipeline_items_total").Get("p"), Is.EqualTo(3));
    }

    [Test]
    public void A_metric_declared_with_other_buckets_is_taken()
    {
        Metrics.CreateHistogram(new HistogramOptions("message_processing_duration_seconds") { Buckets = [1, 60], Help = "Ours." });
        new MessagingInstruments(Metrics).MessageProcessed(TimeSpan.FromSeconds(30));
        Assert.That(Metrics.GetHistogram("message_processing_duration_seconds").Get()!.BucketCounts, Is.EqualTo(new long[] { 0, 1, 0 }));
    }

    [Test]
    public void A_different_metric_of_a_name_is_a_conflict_when_the_set_is_made()
    {
        Metrics.CreateCounter("messages_sent_total", "", "queue");
        Assert.That(() => new MessagingInstruments(Metrics), Throws.TypeOf<DuplicateMetricException>().With.Message.Contains("labels queue"));
        Assert.That(() => new MessagingInstruments(null!), Throws.ArgumentNullException);
        Assert.That(() => new PipelineInstruments(null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task One_line_registers_a_set_whose_metrics_are_there_from_the_start()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddPepperTelemetry().AddCoordinationInstruments().AddMessagingInstruments().AddHealthInstruments().AddPipelineInstruments().AddMessagingInstruments();
        using var host = builder.Build();
        await host.StartAsync();

        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        Assert.That(metrics.ListMetrics(), Has.Count.EqualTo(20));
        host.Services.GetRequiredService<MessagingInstruments>().MessageSent();
        host.Services.GetRequiredService<HealthInstruments>().StatusChanged(HealthState.Healthy);
        Assert.That(metrics.GetCounter("messages_sent_total").Get(), Is.EqualTo(1));
        var pipeline = host.Services.GetRequiredService<PipelineInstruments>();
        Assert.That(host.Services.GetRequiredService<PipelineInstruments>(), Is.SameAs(pipeline));
        await host.StopAsync();
    }

    [Test]
    public void Every_message_method_records_what_it_says()
    {
        var messaging = new MessagingInstruments(Metrics);
        messaging.MessageSent();
        messaging.MessagesSent(4);
        messaging.MessageReceived();
        messaging.MessagesReceived(2);
        messaging.QueueSize(9);
        messaging.MessageProcessed(TimeSpan.FromSeconds(2));
        using (messaging.MeasureProcessing()) Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That((Metrics.GetCounter("messages_sent_total").Get(), Metrics.GetCounter("messages_received_total").Get(), Metrics.GetGauge("message_queue_size").Get()), Is.EqualTo((5, 3, 9)));
        Assert.That((Metrics.GetHistogram("message_processing_duration_seconds").Get()!.Count, Metrics.GetHistogram("message_processing_duration_seconds").Get()!.Sum), Is.EqualTo((2, 5)));
    }

    [Test]
    public void Every_coordination_method_records_what_it_says()
    {
        var coordination = new CoordinationInstruments(Metrics);
        coordination.ActiveNodes(5);
        coordination.NodeJoined();
        coordination.NodeLeft();
        coordination.NodeLeft();
        coordination.MessageExchanged();
        coordination.MessageExchanged(TimeSpan.FromSeconds(0.5));
        using (coordination.MeasureLatency()) Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((Metrics.GetGauge("coordination_active_nodes").Get(), Metrics.GetCounter("coordination_messages_total").Get()), Is.EqualTo((4, 2)));
        Assert.That(Metrics.GetHistogram("coordination_message_latency_seconds").Get()!.Sum, Is.EqualTo(1.5));
    }

    [TestCase(HealthState.Unknown, 0)]
    [TestCase(HealthState.Healthy, 1)]
    [TestCase(HealthState.Degraded, 2)]
    [TestCase(HealthState.Unhealthy, 3)]
    [TestCase((HealthState)77, 0)]
    public void Health_is_a_number(HealthState state, double expected)
    {
        var health = new HealthInstruments(Metrics);
        health.StatusChanged(HealthState.Healthy);
        health.CheckCompleted(state, TimeSpan.FromSeconds(2));
        using (health.MeasureCheck()) Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((Metrics.GetGauge("health_status").Get(), Metrics.GetCounter("health_checks_total").Get()), Is.EqualTo((expected, 2)));
        Assert.That(Metrics.GetHistogram("health_check_duration_seconds").Get()!.Sum, Is.EqualTo(3));
    }

    [Test]
    public void An_execution_counts_as_what_became_of_it()
    {
        var pipeline = new PipelineInstruments(Metrics);
        var active = Metrics.GetGauge("pipeline_active_executions");
        using (var completed = pipeline.StartExecution("p"))
        using (pipeline.StartExecution("p"))
        {
            Assert.That(active.Get("p"), Is.EqualTo(2));
            Clock.Advance(TimeSpan.FromSeconds(4));
            Assert.That(completed.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(4)));
            completed.Complete();
        }

        var failed = pipeline.StartExecution("p");
        failed.Complete();
        failed.Fail(new TimeoutException());
        failed.Dispose();
        failed.Dispose();
        Assert.That(() => pipeline.ErrorOccurred(null!, (Exception)null!), Throws.Nothing);

        var executions = Metrics.GetCounter("pipeline_executions_total");
        Assert.That((executions.Get("p", "success"), executions.Get("p", "error"), active.Get("p")), Is.EqualTo((1, 2, 0)));
        Assert.That(Metrics.GetCounter("pipeline_errors_total").Get("p", "TimeoutException"), Is.EqualTo(1));
        Assert.That(Metrics.GetHistogram("pipeline_duration_seconds").Get("p")!.Sum, Is.EqualTo(8));
    }

    [Test]
    public void A_step_counts_as_what_became_of_it()
    {
        using var execution = new PipelineInstruments(Metrics).StartExecution("p");
        using (var completed = execution.StartStep("load"))
        {
            Clock.Advance(TimeSpan.FromSeconds(4));
            Assert.That(completed.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(4)));
            completed.Complete();
            completed.Dispose();
        }

        execution.StartStep("load").Dispose();
        execution.StartStep(null!).Dispose();

        var steps = Metrics.GetCounter("pipeline_steps_total");
        Assert.That((steps.Get("p", "load", "success"), steps.Get("p", "load", "error"), steps.Get("p", "", "error")), Is.EqualTo((1, 1, 1)));
        var duration = Metrics.GetHistogram("pipeline_step_duration_seconds").Get("p", "load")!;
        Assert.That((duration.Count, duration.Sum), Is.EqualTo((2, 4)));
        Assert.That(Metrics.Collect("pipeline_errors_total")!.Samples, Is.Empty, "What went wrong is the execution's to tell.");
    }
}
