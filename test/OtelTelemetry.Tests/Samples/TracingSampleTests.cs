using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Tests.Tracing;
using Samples;

namespace OtelTelemetry.Tests.Samples;

/// <summary>The samples of tracing do what the documents they come from say.</summary>
[NonParallelizable]
public class TracingSampleTests : TracingTestBase
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Test]
    public void IA_Modules_development()
    {
        var span = IaModulesSamples.Development().Single();

        Assert.That((span.Name, span.Status, span.GetAttribute("user_id")), Is.EqualTo(("fetch_user", ActivityStatusCode.Ok, (object)123)));
        Assert.That(span.Events.Select(one => one.Name), Is.EqualTo(new[] { "database_query", "cache_update" }));
    }

    [Test]
    public void IA_Modules_view_traces()
    {
        using var store = new OtelTelemetry.Tracing.Store.SpanStore(10);
        using var tracer = new OtelTelemetry.Tracing.SimpleTracer(Tracer.Name, store: store);
        IaModulesSamples.ProcessBatch(tracer);
        IaModulesSamples.AddContext(tracer, ["abc", "de"]);

        Assert.That(IaModulesSamples.ViewTraces(tracer), Does.Match(@"^process_batch: \d\.\d{3}s - Unset\nprocess_batch: \d\.\d{3}s - Unset\n$"));
        Assert.That(Ended[0].GetTagItem("batch_size"), Is.EqualTo(1000));
        Assert.That(Ended[1].Events.First().Tags.Single(), Is.EqualTo(new KeyValuePair<string, object?>("bytes", 5)));
    }

    [Test]
    public async Task IA_Modules_trace_context()
    {
        Assert.That(await IaModulesSamples.TraceContext(Tracer, () => Task.FromResult(200)), Is.EqualTo(200));
        Assert.ThrowsAsync<TimeoutException>(() => IaModulesSamples.TraceContext(Tracer, () => throw new TimeoutException()));

        Assert.That(Ended.Select(span => (span.DisplayName, span.Status)), Is.EqualTo(new[]
        {
            ("database_transaction", ActivityStatusCode.Unset), ("api_call", ActivityStatusCode.Unset),
            ("database_transaction", ActivityStatusCode.Unset), ("api_call", ActivityStatusCode.Error),
        }));
        Assert.That(Ended[1].GetTagItem("status_code"), Is.EqualTo(200));
    }

    [Test]
    public void PepperPy_tracer_config() => Assert.That(PepperPySamples.TracerConfig().Traces.SamplingRate, Is.EqualTo(0.1));

    [Test]
    public async Task PepperPy_process_request()
    {
        await PepperPySamples.ProcessRequest(Tracer, () => Task.CompletedTask);

        Assert.That((Ended.Single().GetTagItem("method"), Ended.Single().GetTagItem("path")), Is.EqualTo(("GET", "/api/users")));
    }

    [Test]
    public async Task PepperPy_distributed_tracing()
    {
        var headers = new Dictionary<string, string> { ["traceparent"] = $"00-{TraceId}-b7ad6b7169203331-01" };

        Assert.That(await PepperPySamples.TraceRequest(Tracer, "GET", "/users", headers, () => Task.FromResult(201)), Is.EqualTo(201));
        Assert.ThrowsAsync<FormatException>(() => PepperPySamples.TraceRequest(Tracer, "GET", "/users", new Dictionary<string, string>(), () => throw new FormatException()));

        Assert.That(Ended[0].TraceId.ToHexString(), Is.EqualTo(TraceId));
        Assert.That(Ended[0].GetTagItem("http.response.status_code"), Is.EqualTo(201));
        Assert.That((Ended[1].Status, Ended[1].ParentSpanId), Is.EqualTo((ActivityStatusCode.Error, default(ActivitySpanId))));
    }

    [Test]
    public async Task ClusterDB_tracing()
    {
        await ClusterDbSamples.Tracing(Tracer, () => throw new InvalidOperationException("no connection"));

        Assert.That(Ended.Select(span => (span.DisplayName, span.Status)), Is.EqualTo(new[] { ("query_database", ActivityStatusCode.Error), ("handle_request", ActivityStatusCode.Ok) }));
        Assert.That(Ended[0].ParentSpanId, Is.EqualTo(Ended[1].SpanId));
        Assert.That(Ended[0].Events.Select(one => one.Name), Is.EqualTo(new[] { "query_start", "exception", "query_complete" }));
        Assert.That((Ended[0].GetTagItem("db.system.name"), Ended[0].GetTagItem("error.type")), Is.EqualTo(("postgresql", "System.InvalidOperationException")));
    }

    [Test]
    public async Task ClusterDB_trace_creation()
    {
        await using var telemetry = await TelemetryManager.StartAsync(configuration: new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Telemetry:ServiceName", "samples." + Guid.NewGuid().ToString("N")), new("Telemetry:Traces:Store:Capacity", "5"), new("Telemetry:Prometheus:Enabled", "false"),
        ]).Build());

        await ClusterDbSamples.TraceCreation(telemetry, () => Task.CompletedTask);

        var span = telemetry.Tracer.GetSpans().Single();
        Assert.That((span.Name, span.GetAttribute("request_id")), Is.EqualTo(("process_request", "req-123")));
        Assert.That(span.Events.Select(one => one.Name), Is.EqualTo(new[] { "starting_process", "completed_process" }));
    }
}
