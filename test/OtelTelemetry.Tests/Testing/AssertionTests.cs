using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;
using OtelTelemetry.Testing;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.Tests.Testing;

/// <summary>What assertions hold to be true, and what they say where it is not.</summary>
public class AssertionTests
{
    private TelemetryCapture _telemetry = null!;

    [SetUp]
    public void Start() => _telemetry = TelemetryCapture.Start(new TelemetryCaptureOptions { Sources = ["assertion.tests"] });

    [TearDown]
    public void End() => _telemetry.Dispose();

    [Test]
    public void A_wrong_value_is_told_with_every_series()
    {
        var orders = _telemetry.Metrics.CreateCounter("orders_total", "", "status", "product");
        orders.Inc(2, "ok", "book");
        orders.Inc(1, "ok", "pen");
        orders.Inc(4, "failed", "pen");
        _telemetry.Metrics.CreateGauge("level").Set(1.5);

        _telemetry.Metric("orders_total").ShouldBe(7).WithLabels(("status", "ok")).ShouldBe(3).ShouldBeBetween(2, 4);
        var message = Failure(() => _telemetry.Metric("orders_total").WithLabels(("status", "ok")).ShouldBe(5));

        Assert.That(message, Does.StartWith("Expected metric 'orders_total' {status=\"ok\"} to be 5, but it was 3."));
        foreach (var line in new[] { "orders_total{product=\"book\",status=\"ok\"} 2", "orders_total{product=\"pen\",status=\"ok\"} 1", "orders_total{product=\"pen\",status=\"failed\"} 4", "level 1.5" })
        {
            Assert.That(message, Does.Contain("  " + line));
        }
    }

    [Test]
    public void A_misspelt_name_is_told_with_the_nearest()
    {
        _telemetry.Metrics.CreateCounter("orders_total").Inc();

        var message = Failure(() => _telemetry.Metric("order_total").ShouldBe(1));

        Assert.That(message, Does.StartWith("Expected metric 'order_total', but there was none. Did you mean 'orders_total'?").And.Contain("  orders_total 1"));
    }

    [Test]
    public void Gauges_have_no_sum_and_counters_no_observations()
    {
        var level = _telemetry.Metrics.CreateGauge("level", "", "tank");
        level.Set(1, "a");
        level.Set(2, "b");

        Assert.That(Failure(() => _telemetry.Metric("level").ShouldBe(3)), Does.Contain("2 series fit").And.Contain("name more labels"));
        Assert.That(Failure(() => _telemetry.Metric("level").ShouldHaveCount(1)), Does.Contain("histogram or summary"));
        _telemetry.Metric("level").WithLabels(("tank", "b")).ShouldBe(2);
        _telemetry.Metric("level").WithLabels(("tank", "c")).ShouldNotExist();
    }

    [Test]
    public void Histograms_and_summaries_have_a_count_and_a_sum()
    {
        var seconds = _telemetry.Metrics.CreateHistogram("seconds");
        var sizes = _telemetry.Metrics.CreateSummary("sizes");
        seconds.Observe(0.1);
        seconds.Observe(0.2);
        sizes.Observe(7);

        _telemetry.Metric("seconds").ShouldHaveCount(2).ShouldBe(0.3, 1e-9);
        _telemetry.Metric("sizes").ShouldHaveCount(1).ShouldBe(7);
        Assert.That(Failure(() => _telemetry.Metric("seconds").ShouldHaveCount(3)), Does.StartWith("Expected metric 'seconds' to be 3 observations, but it was 2."));
    }

    [Test]
    public void Spans_are_told_by_attribute_status_event_parent_and_child()
    {
        using var source = new ActivitySource("assertion.tests");
        using (var parent = source.StartActivity("checkout")!)
        {
            parent.SetTag("items", 3);
            parent.SetTag("tags", new[] { "a", "b" });
            using (var child = source.StartActivity("payment")!)
            {
                child.AddException(new InvalidOperationException("no money"));
                child.SetStatus(ActivityStatusCode.Error);
            }
        }

        _telemetry.Span("checkout").ShouldBeRoot().ShouldHaveChild("payment").ShouldHaveAttribute("items", 3L).ShouldHaveAttribute("tags", new[] { "a", "b" });
        _telemetry.Span("payment").WithSource("assertion.tests").ShouldBeChildOf("checkout").ShouldHaveStatus(ActivityStatusCode.Error).ShouldHaveEvent("exception");
        Assert.That(Failure(() => _telemetry.Span("checkout").ShouldHaveAttribute("items", 4)), Does.StartWith("Expected span 'checkout' with items=4, but items was 3.").And.Contain("  payment {} status Error"));
        Assert.That(Failure(() => _telemetry.Span("checkout").ShouldHaveAttribute("colour", "red")), Does.Contain("it had no attribute 'colour'"));
        Assert.That(Failure(() => _telemetry.Span("checkout").ShouldHaveStatus(ActivityStatusCode.Ok)), Does.Contain("its status was Unset"));
        Assert.That(Failure(() => _telemetry.Span("checkout").ShouldHaveEvent("exception")), Does.Contain("it had no events"));
        Assert.That(Failure(() => _telemetry.Span("checkout").ShouldBeChildOf("x")), Does.Contain("it was a root"));
        Assert.That(Failure(() => _telemetry.Span("payment").ShouldHaveChild("x")), Does.Contain("it had no children"));
        Assert.That(Failure(() => _telemetry.Span("payment").ShouldBeRoot()), Does.Contain("its parent was 'checkout'"));
        Assert.That(Failure(() => _telemetry.Span("paymet").ShouldExist()), Does.Contain("Did you mean 'payment'?"));
        Assert.That(Failure(() => _telemetry.Span("payment").ShouldBeRecorded(2)), Does.StartWith("Expected span 'payment' 2 times, but it was there 1 times."));
    }

    [Test]
    public void A_span_of_SimpleTracer_is_captured()
    {
        using var telemetry = TelemetryCapture.Start(new TelemetryCaptureOptions { Sources = ["simple.*"] });
        using var tracer = new SimpleTracer("simple.tracer.tests");
        using (var span = tracer.StartSpan("work")) span.SetAttribute("step", 2);

        telemetry.Span("work").ShouldHaveAttribute("step", 2);
    }

    [Test]
    public void Log_records_are_told_by_level_template_values_text_exception_and_trace()
    {
        var log = _telemetry.CreateLogger<AssertionTests>();
        using var source = new ActivitySource("assertion.tests");
        string trace;
        using (var span = source.StartActivity("login")!)
        {
            trace = span.TraceId.ToHexString();
            using (log.BeginScope("request {Id}", 12)) log.LogError(new TimeoutException("slow"), "{User} failed after {Seconds} s", "ann", 3);
        }

        _telemetry.Log("{User} failed after {Seconds} s").WithLevel(LogLevel.Error).WithException<TimeoutException>().WithTraceId(trace).ShouldHaveValue("Seconds", 3).ShouldBeRecorded(1);
        _telemetry.Log().WithText("ann failed").ShouldExist();
        _telemetry.Log().WithLevel(LogLevel.Warning).ShouldNotExist();
        Assert.That(_telemetry.GetLogs().Single().Scopes, Is.EqualTo(new[] { "request 12" }));
        Assert.That(
            Failure(() => _telemetry.Log("{User} failed after {Seconds} s").ShouldHaveValue("User", "bob")),
            Does.StartWith("Expected log record '{User} failed after {Seconds} s' with User=\"bob\", but User was \"ann\".").And.Contain("TimeoutException: slow"));
        Assert.That(Failure(() => _telemetry.Log().WithLevel(LogLevel.Error).ShouldNotExist()), Does.StartWith("Expected no log record of level Error, but there were 1."));
    }

    [Test]
    public void Events_are_told_by_label_and_value()
    {
        _telemetry.Metrics.RecordEvent("user_login", new Dictionary<string, object?> { ["user_id"] = "12345" }, ("source", "web"));
        _telemetry.Metrics.RecordEvent("temperature", 21);

        _telemetry.Event("user_login").WithLabel("source", "web").ShouldHaveValue("user_id", "12345").ShouldHaveLabel("source", "web");
        _telemetry.Event("temperature").ShouldHaveValue(21.0);
        _telemetry.Event("user_logout").ShouldNotExist();
        Assert.That(Failure(() => _telemetry.Event("user_login").ShouldHaveLabel("source", "app")), Does.Contain("source was \"web\""));
        Assert.That(Failure(() => _telemetry.Event("user_login").ShouldHaveValue("name", "ann")), Does.Contain("no entry 'name'"));
        Assert.That(Failure(() => _telemetry.Event("temperature").ShouldHaveValue(22)), Does.Contain("its value was 21"));
    }

    [Test]
    public void What_is_kept_is_bounded()
    {
        using var telemetry = TelemetryCapture.Start(new TelemetryCaptureOptions { MaxItems = 3 });
        using var source = new ActivitySource("bounded.capture");
        var counter = telemetry.MeterFactory.Create("bounded").CreateCounter<int>("things");
        for (var i = 0; i < 10; i++)
        {
            source.StartActivity("span")?.Dispose();
            telemetry.LoggerFactory.CreateLogger("bounded").LogInformation("line");
            telemetry.Metrics.RecordEvent("event");
            counter.Add(1, new KeyValuePair<string, object?>("i", i));
        }

        telemetry.Span("span").ShouldBeRecorded(3);
        telemetry.Log("line").ShouldBeRecorded(3);
        telemetry.Event("event").ShouldBeRecorded(3);
        telemetry.Metric("things").ShouldBeRecorded(3);
        Assert.That(() => TelemetryCapture.Start(new TelemetryCaptureOptions { MaxItems = 0 }), Throws.ArgumentException.With.Message.Contains("MaxItems is 0"));
    }

    [Test]
    public async Task An_application_s_telemetry_goes_to_the_capture([Values] bool withTelemetry)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Telemetry:Metrics:Namespace", (string?)"shop")]);
        if (withTelemetry) builder.AddPepperTelemetry();
        builder.Services.AddTelemetryCapture(_telemetry);
        using var host = builder.Build();
        await host.StartAsync();

        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        metrics.CreateCounter("orders_total").Inc();
        metrics.RecordEvent("sold");
        host.Services.GetRequiredService<ILogger<AssertionTests>>().LogInformation("sold {Book}", "Momo");
        host.Services.GetRequiredService<IMeterFactory>().Create("of.the.application").CreateCounter<int>("carts").Add(4);
        await host.StopAsync();

        _telemetry.Metric(withTelemetry ? "shop_orders_total" : "orders_total").ShouldBe(1);
        _telemetry.Metric("carts").ShouldBe(4);
        _telemetry.Event("sold").ShouldBeRecorded(1);
        _telemetry.Log("sold {Book}").ShouldHaveValue("Book", "Momo");
    }

    private static string Failure(Action assertion) => Assert.Throws<TelemetryAssertionException>(() => assertion())!.Message;
}
