using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tracing;
using OtelTelemetry.Tracing.Store;

namespace OtelTelemetry.Tests.Tracing.Store;

/// <summary>Ended spans, read back. Not beside others: the store that runs is the process's.</summary>
[NonParallelizable]
public class SpanStoreTests
{
    private static readonly string s_name = "store." + Guid.NewGuid().ToString("N");

    [Test]
    public void A_tracer_with_a_store_reads_its_spans_back_although_nobody_else_records()
    {
        using var store = new SpanStore(100);
        using var tracer = new SimpleTracer(s_name, store: store);
        var span = tracer.StartSpan("fetch_user", ActivityKind.Client);
        span.SetAttribute("user_id", 123).AddEvent("cache_update", ("hit", false)).SetStatus(ActivityStatusCode.Error, "gone");
        using (tracer.StartSpan("inner"))
        {
        }

        tracer.EndSpan(span);
        using (tracer.StartSpan("another trace"))
        {
        }

        var ended = tracer.GetSpans(span.TraceId);
        Assert.That(ended.Select(one => one.Name), Is.EqualTo(new[] { "inner", "fetch_user" }));
        Assert.That(ended[0].ParentSpanId, Is.EqualTo(span.SpanId));
        var outer = ended[1];
        Assert.That((outer.SpanId, outer.Source, outer.Kind), Is.EqualTo((span.SpanId, s_name, ActivityKind.Client)));
        Assert.That((outer.Status, outer.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, "gone")));
        Assert.That(outer.Duration, Is.EqualTo(span.Duration).And.GreaterThan(TimeSpan.Zero));
        Assert.That((outer.GetAttribute("user_id"), outer.GetAttribute("none")), Is.EqualTo(((object)123, (object?)null)));
        Assert.That(outer.Events.Single().Name, Is.EqualTo("cache_update"));
        Assert.That(tracer.GetSpans(), Has.Count.EqualTo(3));

        tracer.Clear();
        Assert.That(tracer.GetSpans(), Is.Empty);
    }

    [Test]
    public void The_store_has_others_export_nothing()
    {
        using var store = new SpanStore(100);
        using var tracer = new SimpleTracer(s_name, store: store);

        using var span = tracer.StartSpan("kept");

        Assert.That((span.IsRecording, span.Activity!.Recorded), Is.EqualTo((true, false)));
    }

    [Test]
    public void Past_its_capacity_the_oldest_make_room_and_are_counted()
    {
        var before = SelfMetrics.SpansPushedOut.Get();
        using var store = new SpanStore(3);
        using var tracer = new SimpleTracer(s_name, store: store);
        for (var i = 0; i < 10; i++) tracer.StartSpan($"span {i}").End();

        Assert.That(store.GetSpans().Select(span => span.Name), Is.EqualTo(new[] { "span 7", "span 8", "span 9" }));
        Assert.That((store.Count, store.PushedOut, SelfMetrics.SpansPushedOut.Get() - before), Is.EqualTo((3, 7L, 7d)));
    }

    [Test]
    public async Task Many_threads_leave_exactly_its_capacity()
    {
        using var store = new SpanStore(50);
        using var tracer = new SimpleTracer(s_name, store: store);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++) tracer.StartSpan("busy", ParentContext.None).End();
        })));

        Assert.That((store.Count, store.PushedOut), Is.EqualTo((50, 3950L)));
    }

    [Test]
    public void Named_sources_are_recorded_until_the_store_is_disposed()
    {
        using var source = new ActivitySource(s_name + ".db.Client");
        using (var store = new SpanStore(10, s_name + ".*.client"))
        {
            source.StartActivity("query")?.Dispose();
            Assert.That(store.GetSpans(source.Name).Single().Name, Is.EqualTo("query"));
        }

        Assert.That(source.StartActivity("query"), Is.Null);
    }

    [Test]
    public async Task With_telemetry_the_store_holds_what_is_sampled_of_any_source()
    {
        using var tracer = new SimpleTracer("store.any");
        using var foreign = new ActivitySource("store.foreign");
        using var unrecorded = new ActivitySource("elsewhere");
        await using (var telemetry = await Start(("Telemetry:Traces:Store:Capacity", "20"), ("Telemetry:Traces:Sources", "store.*")))
        {
            tracer.StartSpan("ours").End();
            foreign.StartActivity("theirs")?.Dispose();
            unrecorded.StartActivity("nobody's")?.Dispose();
            telemetry.Tracer.StartSpan("the application's").End();

            Assert.That(telemetry.Spans.GetSpans().Select(span => span.Name), Is.EqualTo(new[] { "ours", "theirs", "the application's" }));
            Assert.That(tracer.GetSpans().Single().Name, Is.EqualTo("ours"), "A tracer without a store reads that of the telemetry that runs.");
            Assert.That(telemetry.Tracer.GetSpans().Single().Name, Is.EqualTo("the application's"));
        }

        Assert.That(tracer.GetSpans(), Is.Empty);
    }

    [Test]
    public async Task What_is_sampled_out_is_not_in_the_store_and_without_the_setting_there_is_none()
    {
        await using (var telemetry = await Start(("Telemetry:Traces:Store:Capacity", "20"), ("Telemetry:Traces:SamplingRate", "0")))
        {
            telemetry.Tracer.StartSpan("sampled out").End();
            Assert.That(telemetry.Spans.Count, Is.Zero);
        }

        await using (var telemetry = await Start())
        {
            telemetry.Tracer.StartSpan("not kept").End();
            Assert.That((telemetry.Spans.Count, telemetry.Spans.Capacity), Is.EqualTo((0, 0)));
        }
    }

    [TestCase("0")]
    [TestCase("1000001")]
    public void A_capacity_out_of_range_is_refused(string capacity)
    {
        var exception = Assert.ThrowsAsync<TelemetryConfigurationException>(() => Start(("Telemetry:Traces:Store:Capacity", capacity)))!;

        Assert.That(exception.Message, Does.Contain("Telemetry:Traces:Store:Capacity").And.Contains("1 to 1000000"));
        Assert.That(() => new SpanStore(int.Parse(capacity)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static Task<TelemetryManager> Start(params (string Key, string Value)[] settings) => TelemetryManager.StartAsync(
        configuration: new ConfigurationBuilder()
            .AddInMemoryCollection([new("Telemetry:ServiceName", s_name), new("Telemetry:Prometheus:Enabled", "false"), .. settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))])
            .Build());
}
