using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tests.Tracing;
using OtelTelemetry.Tracing;
using OtelTelemetry.Tracing.Propagation;

namespace OtelTelemetry.Tests.Propagation;

/// <summary>Extract and Inject for carriers of every kind. Not beside others: the current propagator is the process's.</summary>
[NonParallelizable]
public class CarrierTests : TracingTestBase
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{TraceId}-b7ad6b7169203331-01";

    private static readonly CompositeContextPropagator s_w3c = new(["tracecontext", "baggage"]);

    [Test]
    public void What_is_injected_into_a_dictionary_is_extracted_and_continued()
    {
        var headers = new Dictionary<string, string>();
        using var sender = Tracer.StartSpan("send", ActivityKind.Producer);
        sender.Activity!.TraceStateString = "vendor=1";
        sender.SetBaggage("tenant", "a").SetBaggage("user", "b");
        Tracer.Inject(headers);
        Activity.Current = null;

        using var receiver = Tracer.StartSpan("receive", Tracer.Extract(headers), ActivityKind.Consumer);

        Assert.That((receiver.TraceId, receiver.Activity!.ParentSpanId, receiver.Activity.TraceStateString), Is.EqualTo((sender.TraceId, sender.SpanId, "vendor=1")));
        Assert.That(receiver.Activity.Baggage, Is.EqualTo(sender.Activity.Baggage));
    }

    [Test]
    public void Names_are_found_in_any_case_in_every_dictionary()
    {
        IReadOnlyDictionary<string, string>[] carriers =
        [
            new Dictionary<string, string> { ["TraceParent"] = Parent },
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["TRACEPARENT"] = Parent },
            new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Traceparent"] = Parent },
        ];

        Assert.That(carriers.Select(carrier => s_w3c.Extract(carrier).Trace.TraceId.ToHexString()), Is.All.EqualTo(TraceId));
    }

    [Test]
    public void Headers_of_HTTP_are_read_with_all_their_values_and_written()
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("traceparent", Parent);
        request.Headers.TryAddWithoutValidation("tracestate", ["a=1", "b=2"]);
        var read = s_w3c.Extract(request.Headers);
        Assert.That((read.Trace.TraceId.ToHexString(), read.Trace.TraceState, read.Trace.IsRemote), Is.EqualTo((TraceId, "a=1,b=2", true)));

        using var span = Tracer.StartSpan("call");
        s_w3c.Inject(span.Activity, request.Headers);
        Assert.That(request.Headers.GetValues("traceparent"), Is.EqualTo(new[] { span.Activity!.Id }), "Replaced, not added to.");
    }

    [Test]
    public void A_carrier_of_any_kind_is_read_and_written_by_functions()
    {
        using var span = Tracer.StartSpan("send");
        List<(string Name, string Value)> carrier = [];
        s_w3c.Inject(span.Activity, carrier, static (headers, name, value) => headers.Add((name, value)));

        var one = s_w3c.Extract(carrier, static (headers, name) => headers.Find(header => header.Name == name).Value);
        var all = s_w3c.Extract(carrier, static (headers, name) => headers.Where(header => header.Name == name).Select(header => header.Value));

        Assert.That((one.Trace.SpanId, all.Trace.SpanId), Is.EqualTo((span.SpanId, span.SpanId)));
    }

    [Test]
    public void A_getter_may_read_another_carrier_meanwhile()
    {
        var inner = s_w3c.Extract(Parent, (value, _) => value);
        var outer = s_w3c.Extract(Parent, (value, name) => s_w3c.Extract("nothing", (_, _) => (string?)null).HasParent || name != "traceparent" ? null : value);

        Assert.That((inner.HasParent, outer.HasParent), Is.EqualTo((true, true)));
    }

    [Test]
    public void Malformed_headers_begin_a_new_trace_whatever_is_current()
    {
        using var current = Tracer.StartSpan("current");
        var read = s_w3c.Extract(new Dictionary<string, string> { ["traceparent"] = "00-broken" });
        using var span = Tracer.StartSpan("receive", read);

        Assert.That(read.HasParent, Is.False);
        Assert.That(span.TraceId, Is.Not.EqualTo(current.TraceId));
        Assert.That(span.Activity!.ParentSpanId, Is.EqualTo(default(ActivitySpanId)));
    }

    [Test]
    public void What_is_malformed_is_counted()
    {
        var before = TelemetryLosses.Counted("traces", "tracecontext", "malformed");

        s_w3c.Extract(new Dictionary<string, string> { ["traceparent"] = "00-broken" });
        s_w3c.Extract(new Dictionary<string, string> { ["traceparent"] = Parent, ["tracestate"] = "BROKEN" });
        s_w3c.Extract(new Dictionary<string, string>());

        Assert.That(TelemetryLosses.Counted("traces", "tracecontext", "malformed") - before, Is.EqualTo(2));
    }

    [Test]
    public void Reading_a_traceparent_allocates_no_more_than_its_ids()
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["traceparent"] = Parent, ["tracestate"] = "a=1,b=2" };
        Func<Dictionary<string, string>, string, string?> getter = static (headers, name) => headers.GetValueOrDefault(name);
        var (ids, ours, generic) = (BytesOf(() => ActivityContext.TryParse(Parent, "a=1,b=2", true, out _)), BytesOf(() => s_w3c.Extract(headers)), BytesOf(() => s_w3c.Extract(headers, getter)));

        Assert.That((ours, generic), Is.EqualTo((ids, ids)));
    }

    [Test]
    public void A_request_id_of_a_mesh_goes_through()
    {
        var mesh = new CompositeContextPropagator(["tracecontext"], forwardRequestId: true);
        var read = mesh.Extract(new Dictionary<string, string> { ["x-request-id"] = "8f1c-42" });
        using var server = Tracer.StartSpan("serve", read, ActivityKind.Server);
        using var client = Tracer.StartSpan("call", ActivityKind.Client);
        var headers = new Dictionary<string, string>();
        mesh.Inject(client.Activity, headers);

        Assert.That(read.RequestId, Is.EqualTo("8f1c-42"));
        Assert.That(server.Activity!.GetTagItem("http.request.header.x-request-id"), Is.EqualTo(new[] { "8f1c-42" }));
        Assert.That(headers["x-request-id"], Is.EqualTo("8f1c-42"));
        s_w3c.Inject(client.Activity, headers = []);
        Assert.That(headers.Keys, Is.EqualTo(new[] { "traceparent" }), "Without the option it stays where it is.");
    }

    [TestCase("a b")]
    [TestCase("a\r\nb")]
    [TestCase("")]
    [TestCase("é")]
    public void A_request_id_that_no_mesh_makes_is_left_alone(string id) =>
        Assert.That(new CompositeContextPropagator([], forwardRequestId: true).Extract(new Dictionary<string, string> { ["x-request-id"] = id }).RequestId, Is.Null);

    [Test]
    public async Task Telemetry_replaces_the_propagator_of_the_runtime_only_and_takes_its_own_back()
    {
        var runtime = DistributedContextPropagator.Current;
        await using (await Start()) Assert.That(DistributedContextPropagator.Current, Is.TypeOf<CompositeContextPropagator>());
        Assert.That(DistributedContextPropagator.Current, Is.SameAs(runtime));
        var chosen = DistributedContextPropagator.CreatePassThroughPropagator();
        DistributedContextPropagator.Current = chosen;
        try
        {
            await using (await Start()) Assert.That(DistributedContextPropagator.Current, Is.SameAs(chosen));
            await using (await Start(("OTEL_PROPAGATORS", "b3"))) Assert.That(DistributedContextPropagator.Current.Fields, Is.EqualTo(new[] { "b3" }));
        }
        finally
        {
            DistributedContextPropagator.Current = runtime;
        }
    }

    [TestCase("Telemetry:Propagators", "b3multi")]
    [TestCase("Telemetry:Traces:Propagators", "b3multi")]
    [TestCase("OTEL_PROPAGATORS", "b3multi")]
    public async Task The_formats_may_be_set_by_every_name_of_the_setting(string key, string value)
    {
        await using var telemetry = await Start((key, value));

        Assert.That(telemetry.Options.Propagators, Is.EqualTo(new[] { value }));
        Assert.That(DistributedContextPropagator.Current.Fields, Does.Contain("X-B3-TraceId"));
    }

    [TestCase("Telemetry:Propagators")]
    [TestCase("Telemetry:Traces:Propagators")]
    [TestCase("OTEL_PROPAGATORS")]
    public void A_format_that_is_not_known_is_told_by_the_name_that_was_used(string key) =>
        Assert.That(Assert.ThrowsAsync<TelemetryConfigurationException>(() => Start((key, "b4")))!.Message, Does.Contain(key + ":").And.Contains("'b4'"));

    private static Task<TelemetryManager> Start(params (string Key, string Value)[] settings) => TelemetryManager.StartAsync(
        configuration: new ConfigurationBuilder()
            .AddInMemoryCollection([new("Telemetry:Prometheus:Enabled", "false"), .. settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))])
            .Build());

    private static long BytesOf(Action action)
    {
        for (var i = 0; i < 100; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }
}
