using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Otlp;

/// <summary>The three signals really arrive, once, with their headers.</summary>
public class OtlpPushTests
{
    private LoopbackReceiver _receiver = null!;

    [SetUp]
    public void Start() => _receiver = new LoopbackReceiver();

    [TearDown]
    public void Stop() => _receiver.Dispose();

    [Test]
    public async Task A_host_sends_all_three_signals_when_it_stops()
    {
        using var host = Host(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Address.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=two%20words%2C%20a%3Db"),
            ("OTEL_SERVICE_NAME", "push-tests"),
            ("OTEL_RESOURCE_ATTRIBUTES", "team=checkout"));
        await host.StartAsync();
        using var source = new ActivitySource("push-tests.work");
        source.StartActivity("a span of ours")!.Dispose();
        host.Services.GetRequiredService<MetricsCollector>().CreateCounter("push_orders_total").Inc();
        host.Services.GetRequiredService<ILogger<OtlpPushTests>>().LogInformation("sold {Book}", "Momo");

        await host.StopAsync();

        Assert.That(_receiver.Deliveries.Select(delivery => delivery.Path).Distinct(), Is.EquivalentTo(new[] { "/v1/traces", "/v1/metrics", "/v1/logs" }));
        Assert.That(_receiver.Deliveries.Select(delivery => delivery.Headers["api-key"]), Is.All.EqualTo("two words, a=b"));
        Assert.That(_receiver.Deliveries.Select(delivery => delivery.Headers["Content-Type"]), Is.All.EqualTo("application/x-protobuf"));
        Assert.That(_receiver.Count("/v1/traces", "a span of ours"), Is.EqualTo(1));
        Assert.That(_receiver.Count("/v1/metrics", "push_orders_total"), Is.EqualTo(1));
        Assert.That(_receiver.Count("/v1/logs", "sold Momo"), Is.EqualTo(1));
        foreach (var path in new[] { "/v1/traces", "/v1/metrics", "/v1/logs" })
        {
            Assert.That(_receiver.Count(path, "push-tests"), Is.GreaterThan(0), path);
            Assert.That(_receiver.Count(path, "checkout"), Is.GreaterThan(0), path);
        }
    }

    [Test]
    public async Task Our_metrics_and_those_of_libraries_are_sent_once_each_even_under_the_application_s_own_name()
    {
        // The collector's meter has the service's name: the provider for other libraries listens to it as well.
        var name = "once" + Guid.NewGuid().ToString("N");
        using var host = Host(
            ("Telemetry:Otlp:Endpoint", _receiver.Address.ToString()),
            ("Telemetry:Otlp:Protocol", "http/protobuf"),
            ("Telemetry:ServiceName", name),
            ("Telemetry:Metrics:Namespace", name),
            ("Telemetry:Metrics:Meters:0", name));
        await host.StartAsync();
        using var meter = new Meter(name + ".library");
        meter.CreateCounter<long>("library_things").Add(1);
        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        metrics.CreateCounter("orders_total").Inc();
        metrics.CreateHistogram("seconds").Observe(0.2);
        metrics.CreateSummary("sizes").Observe(3);

        await host.StopAsync();

        Assert.That(_receiver.Count("/v1/metrics", "library_things"), Is.EqualTo(1));
        Assert.That(_receiver.Count("/v1/metrics", name + "_orders_total"), Is.EqualTo(1));
        Assert.That(_receiver.Count("/v1/metrics", name + "_seconds"), Is.EqualTo(1));
        Assert.That(_receiver.Count("/v1/metrics", name + "_sizes"), Is.EqualTo(1));
    }

    [Test]
    public async Task The_provider_for_our_metrics_leaves_other_instruments_disabled()
    {
        using var host = Host(("Telemetry:Otlp:Endpoint", _receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"));
        using var meter = new Meter("nobody.asked." + Guid.NewGuid());
        var early = meter.CreateCounter<long>("early");
        await host.StartAsync();
        var late = meter.CreateHistogram<double>("late");

        Assert.That(early.Enabled, Is.False);
        Assert.That(late.Enabled, Is.False);
        await host.StopAsync();
    }

    [Test]
    public async Task Without_OTLP_our_histograms_are_not_mirrored_though_their_meter_is_named_as_the_application()
    {
        var name = "quiet" + Guid.NewGuid().ToString("N");
        using var host = Host(("Telemetry:ServiceName", name), ("Telemetry:Metrics:Namespace", name));
        await host.StartAsync();

        var histogram = host.Services.GetRequiredService<MetricsCollector>().CreateHistogram("seconds");

        Assert.That(histogram.Mirror!.Enabled, Is.False);
        await host.StopAsync();
    }

    [Test]
    public async Task More_series_than_the_SDK_s_own_limit_all_arrive()
    {
        using var host = Host(
            ("Telemetry:Otlp:Endpoint", _receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("Telemetry:Metrics:MaxSeriesPerMetric", "5000"));
        await host.StartAsync();
        var counter = host.Services.GetRequiredService<MetricsCollector>().CreateCounter("wide_total", "", "customer");
        for (var i = 0; i < 5000; i++) counter.Inc($"customer-{i:D5}-end");

        await host.StopAsync();

        Assert.That(_receiver.Count("/v1/metrics", "-end"), Is.EqualTo(5000));
        Assert.That(_receiver.Count("/v1/metrics", "otel.metric.overflow"), Is.Zero);
    }

    [Test]
    public async Task A_log_record_carries_its_error()
    {
        using var host = Host(("Telemetry:Otlp:Endpoint", _receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"));
        await host.StartAsync();
        host.Services.GetRequiredService<ILogger<OtlpPushTests>>().LogError(new InvalidOperationException("the till is jammed"), "no sale");

        await host.StopAsync();

        Assert.That(_receiver.Count("/v1/logs", "exception.type"), Is.EqualTo(1));
        Assert.That(_receiver.Count("/v1/logs", "exception.message"), Is.EqualTo(1));
        Assert.That(_receiver.Count("/v1/logs", "the till is jammed"), Is.GreaterThanOrEqualTo(1));
        Assert.That(_receiver.Count("/v1/logs", "exception.stacktrace"), Is.EqualTo(1));
    }

    [Test]
    public async Task Flush_sends_what_is_there()
    {
        await using var manager = await TelemetryManager.StartAsync(options =>
        {
            options.Otlp.Endpoint = _receiver.Address;
            options.Otlp.Protocol = OpenTelemetry.Exporter.OtlpExportProtocol.HttpProtobuf;
        });
        manager.Metrics.CreateCounter("flushed_total").Inc();

        Assert.That(await manager.FlushAsync(), Is.True);
        Assert.That(_receiver.Count("/v1/metrics", "flushed_total"), Is.EqualTo(1));
    }

    [TestCase("grpc")]
    [TestCase("http/protobuf")]
    public async Task A_collector_that_never_answers_holds_the_stop_up_for_the_budget_at_most(string protocol)
    {
        using var hole = new BlackHole();
        var host = Host(("Telemetry:Otlp:Endpoint", hole.Address.ToString()), ("Telemetry:Otlp:Protocol", protocol), ("Telemetry:ShutdownTimeout", "300ms"), ("OTEL_SERVICE_NAME", "hole"));
        await host.StartAsync();
        using var source = new ActivitySource("hole.work");
        source.StartActivity("lost")!.Dispose();
        host.Services.GetRequiredService<MetricsCollector>().CreateCounter("lost_total").Inc();
        host.Services.GetRequiredService<ILogger<OtlpPushTests>>().LogInformation("lost");

        var clock = Stopwatch.StartNew();
        await host.StopAsync();
        var stopped = clock.Elapsed;
        host.Dispose();

        Assert.That(stopped, Is.LessThan(TimeSpan.FromSeconds(2)));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(3)), "Nor may the container's end wait.");
    }

    private static IHost Host(params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddPepperTelemetry();
        return builder.Build();
    }
}
