using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Events;
using OtelTelemetry.Metrics;
using OtelTelemetry.Testing;

namespace OtelTelemetry.Tests.Testing;

/// <summary>Captures that run at the same time, on the same meter, source and names, each see just their own.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ParallelCaptureTests
{
    private static readonly ActivitySource s_source = new("parallel.capture.tests");
    private static readonly Meter s_meter = new("parallel.capture.tests");
    private static readonly Counter<long> s_sold = s_meter.CreateCounter<long>("sold");
    private static readonly Histogram<double> s_durations = s_meter.CreateHistogram<double>("durations");

    [Test]
    public Task Each_of_many_tests_sees_just_its_own([Range(1, 4)] int test) => WorkAndAssert(test, () => { });

    [Test]
    public async Task Captures_that_certainly_run_at_the_same_time_see_just_their_own()
    {
        using var barrier = new Barrier(4);

        await Task.WhenAll(Enumerable.Range(1, 4).Select(test => Task.Factory.StartNew(
            () => WorkAndAssert(test, barrier.SignalAndWait), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }

    private static async Task WorkAndAssert(int test, Action allAreHere)
    {
        using var telemetry = TelemetryCapture.Start(new TelemetryCaptureOptions { Sources = ["parallel.capture.*"], Meters = ["parallel.capture.*"] });
        var orders = telemetry.Metrics.CreateCounter("orders_total", "", "status");
        var log = telemetry.CreateLogger<ParallelCaptureTests>();

        allAreHere();
        for (var i = 0; i < 200; i++)
        {
            using var span = s_source.StartActivity("checkout")?.SetTag("test", test);
            await Task.Yield();
            orders.Inc(test, "ok");
            s_sold.Add(test, new KeyValuePair<string, object?>("kind", "book"));
            await Task.Run(() => s_durations.Record(test));
            using (s_source.StartActivity("payment")) log.LogInformation("test {Test} sold {Number}", test, i);
            telemetry.Metrics.RecordEvent("sold", test);
        }

        telemetry.Metric("orders_total").WithLabels(("status", "ok")).ShouldBe(200 * test);
        telemetry.Metric("sold").WithLabels(("kind", "book")).ShouldBe(200 * test);
        telemetry.Metric("durations").ShouldHaveCount(200).ShouldBe(200 * test);
        telemetry.Span("checkout").ShouldBeRecorded(200).WithAttribute("test", test).ShouldBeRecorded(200).ShouldBeRoot();
        telemetry.Span("payment").ShouldBeRecorded(200).ShouldBeChildOf("checkout");
        telemetry.Log("test {Test} sold {Number}").ShouldBeRecorded(200).ShouldHaveValue("Test", test);
        telemetry.Event("sold").ShouldBeRecorded(200).ShouldHaveValue(test);
        Assert.That(telemetry.GetEvents().Select(one => one.Value), Is.All.EqualTo(test));
        Assert.That(telemetry.GetSpans().Where(span => span.Name == "checkout").Select(span => span.Attributes["test"]), Is.All.EqualTo(test));
    }

    [Test]
    public void What_happens_on_a_thread_without_the_flow_belongs_to_its_trace()
    {
        using var telemetry = TelemetryCapture.Start();
        ActivityContext context;
        using (var span = s_source.StartActivity("client")!) context = span.Context;

        RunApart(() =>
        {
            using var known = s_source.StartActivity("server", ActivityKind.Server, context);
            s_sold.Add(5);
            using var unknown = s_source.StartActivity("of another trace", ActivityKind.Server, default(ActivityContext));
        });
        RunApart(() => s_sold.Add(7));

        telemetry.Span("server").ShouldBeChildOf("client");
        telemetry.Metric("sold").ShouldBe(5);
    }

    [Test]
    public void What_was_handed_out_belongs_to_the_capture_on_any_thread()
    {
        using var telemetry = TelemetryCapture.Start();
        using var other = TelemetryCapture.Start();
        var meter = telemetry.MeterFactory.Create("handed.out");
        var seen = meter.CreateCounter<int>("seen");
        meter.CreateObservableGauge("level", () => 3);

        RunApart(() =>
        {
            seen.Add(2);
            telemetry.LoggerFactory.CreateLogger("apart").LogWarning("careful");
        });

        telemetry.Metric("seen").WithMeter("handed.out").ShouldBe(2);
        telemetry.Metric("level").ShouldBe(3);
        telemetry.Log().WithLevel(LogLevel.Warning).WithCategory("apart").WithText("careful").ShouldBeRecorded(1);
        other.Metric("seen").ShouldNotExist();
        other.Metric("level").ShouldNotExist();
        other.Log().ShouldNotExist();
    }

    [Test]
    public void A_capture_inside_another_belongs_to_both_and_ends_first()
    {
        using var outer = TelemetryCapture.Start();
        using (var inner = TelemetryCapture.Start())
        {
            s_sold.Add(1);
            inner.Metric("sold").ShouldBe(1);
        }

        s_sold.Add(2);

        outer.Metric("sold").ShouldBe(3);
    }

    [Test]
    public void What_comes_after_the_end_is_not_captured()
    {
        var telemetry = TelemetryCapture.Start();
        s_sold.Add(1);
        using var span = s_source.StartActivity("late");
        telemetry.Dispose();
        span?.Stop();
        s_sold.Add(1);

        telemetry.Metric("sold").ShouldBe(1);
        telemetry.Span("late").ShouldNotExist();
    }

    [Test]
    public void Collectors_of_the_process_wide_registry_are_seen_from_the_start_on()
    {
        var name = "wide_" + Guid.NewGuid().ToString("N");
        using var metrics = new MetricsCollector(name);
        var counter = metrics.CreateCounter("things_total", "", "colour");
        var seconds = metrics.CreateHistogram("seconds", "");
        counter.Inc(10, "red");
        seconds.Observe(1);

        using var telemetry = TelemetryCapture.Start();
        counter.Inc(2, "red");
        seconds.Observe(3);
        using (s_source.StartActivity("work")) metrics.RecordEvent(name);
        metrics.RecordEvent(name, "in no trace");

        telemetry.Metric(name + "_things_total").ShouldBe(2);
        telemetry.Metric(name + "_seconds").ShouldHaveCount(1).ShouldBe(3);
        telemetry.Event(name).ShouldBeRecorded(1);
        Assert.That(telemetry.Metric(name + "_seconds").Items.Single().ToString(), Does.Contain("tests that run at the same time count too"));
    }

    private static void RunApart(Action action)
    {
        var thread = new Thread(() => action());
        thread.UnsafeStart();
        thread.Join();
    }
}
