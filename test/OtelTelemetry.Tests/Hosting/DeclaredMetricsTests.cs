using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Hosting;

public class DeclaredMetricsTests
{
    private static readonly (string, string)[] s_declared =
    [
        ("Telemetry:Metrics:Namespace", "declared"),
        ("Telemetry:Metrics:Definitions:requests_total:Type", "counter"),
        ("Telemetry:Metrics:Definitions:requests_total:Help", "Requests."),
        ("Telemetry:Metrics:Definitions:by_route_total:Type", "counter"),
        ("Telemetry:Metrics:Definitions:by_route_total:Labels", "method,route"),
        ("Telemetry:Metrics:Definitions:open:Type", "gauge"),
        ("Telemetry:Metrics:Definitions:latency:Type", "histogram"),
        ("Telemetry:Metrics:Definitions:latency:Unit", "s"),
        ("Telemetry:Metrics:Definitions:latency:Buckets:0", "0.1"),
        ("Telemetry:Metrics:Definitions:latency:Buckets:1", "1"),
        ("Telemetry:Metrics:Definitions:wait:Type", "summary"),
        ("Telemetry:Metrics:Definitions:wait:Quantiles", "0.5"),
    ];

    [Test]
    public async Task They_exist_when_a_host_has_started_with_0_where_there_are_no_labels()
    {
        using var host = Host(_ => { }, s_declared);
        await host.StartAsync();

        var text = Scrape(host.Services.GetRequiredService<MetricsCollector>());

        Assert.That(text, Does.Contain("# HELP declared_requests_total Requests.\n# TYPE declared_requests_total counter\ndeclared_requests_total 0\n"));
        Assert.That(text, Does.Contain("declared_open 0\n"));
        Assert.That(text, Does.Contain("declared_latency_seconds_bucket{le=\"0.1\"} 0\n").And.Contain("declared_latency_seconds_bucket{le=\"1\"} 0\n").And.Contain("declared_latency_seconds_count 0\n"));
        Assert.That(text, Does.Contain("declared_wait_count 0\n"));
        await host.StopAsync();
    }

    [Test]
    public async Task They_exist_without_a_host_too()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(s_declared.Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2))).Build();
        await using var telemetry = await TelemetryManager.StartAsync(options => options.Metrics.Definitions.Add(new GaugeOptions("in_code")), configuration);

        telemetry.Metrics.GetCounter("requests_total").Inc();

        Assert.That(telemetry.Metrics.ListMetrics().Select(metric => metric.Name), Is.EqualTo(new[]
        {
            "declared_by_route_total", "declared_in_code", "declared_latency", "declared_open", "declared_requests_total", "declared_wait",
        }));
        Assert.That(telemetry.Metrics.GetCounter("declared_requests_total").Get(), Is.EqualTo(1));
    }

    [Test]
    public async Task Options_of_a_program_declare_too()
    {
        var options = new TelemetryOptions();
        options.Metrics.Definitions.Add(new HistogramOptions("from_options") { Buckets = [1] });
        await using var telemetry = await TelemetryManager.StartAsync(options, new ConfigurationBuilder().Build());

        Assert.That(telemetry.Metrics.GetHistogram("from_options").Buckets, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void They_are_injected_by_name()
    {
        using var host = Host(services => services.AddSingleton<Shop>(), s_declared);

        var shop = host.Services.GetRequiredService<Shop>();
        shop.Requests.Inc(2);

        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        Assert.That(metrics.GetCounter("requests_total").Get(), Is.EqualTo(2));
        Assert.That((shop.Open, shop.Latency, shop.Wait), Is.EqualTo((metrics.GetGauge("open"), metrics.GetHistogram("latency"), metrics.GetSummary("wait"))));
    }

    [Test]
    public void A_container_that_checks_itself_accepts_them()
    {
        var services = new ServiceCollection();
        services.AddPepperTelemetry(options => options.Metrics.Definitions.Add(new CounterOptions("checked_total")));
        services.AddScoped<Handler>();
        using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        using var scope = provider.CreateScope();

        scope.ServiceProvider.GetRequiredService<Handler>().Handle();

        Assert.That(provider.GetRequiredService<MetricsCollector>().GetCounter("checked_total").Get(), Is.EqualTo(1));
    }

    [Test]
    public void What_is_injected_and_not_there_is_told_with_a_remedy()
    {
        using var host = Host(services => services.AddSingleton<Shop>(), [.. s_declared.Where(setting => !setting.Item1.Contains(":wait:", StringComparison.Ordinal))]);

        Assert.That(
            () => host.Services.GetRequiredService<Shop>(),
            Throws.TypeOf<MetricLookupException>().With.Message.Contains("There is no metric 'wait'").And.Message.Contains("Telemetry:Metrics:Definitions:wait with Type summary"));
        Assert.That(
            () => host.Services.GetRequiredKeyedService<Gauge>("latency"),
            Throws.TypeOf<MetricLookupException>().With.Message.Contains("is a Histogram, not a Gauge").And.Message.Contains("declared in Telemetry:Metrics:Definitions:latency"));
        Assert.That(
            () => host.Services.GetRequiredKeyedService<Counter>(7),
            Throws.TypeOf<MetricLookupException>().With.Message.Contains("'7', which is a Int32").And.Message.Contains("FromKeyedServices"));
    }

    [Test]
    public void A_metric_that_code_made_later_is_injected_after_a_first_failed_try()
    {
        using var host = Host(_ => { });
        Assert.That(() => host.Services.GetRequiredKeyedService<Counter>("late"), Throws.TypeOf<MetricLookupException>());

        var late = host.Services.GetRequiredService<MetricsCollector>().CreateCounter("late");

        Assert.That(host.Services.GetRequiredKeyedService<Counter>("late"), Is.SameAs(late));
    }

    [Test]
    public async Task A_name_that_the_process_has_otherwise_stops_the_start_with_file_and_key()
    {
        using var folder = new SettingFolder();
        using var before = new MetricsCollector();
        before.CreateCounter("taken_by_declared_metrics_tests", "", "status");
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        folder.Json(
            "appsettings.json", """{ "Telemetry": { "Metrics": { "Definitions": { "taken_by_declared_metrics_tests": { "Type": "gauge" }, "fine": { "Type": "gauge" } } } } }""", builder.Configuration);
        builder.AddPepperTelemetry();
        using var host = builder.Build();

        var error = Assert.ThrowsAsync<TelemetryConfigurationException>(() => host.StartAsync())!;
        await Task.CompletedTask;

        Assert.That(error.Errors.Single().ToString(), Does.StartWith("appsettings.json: Telemetry:Metrics:Definitions:taken_by_declared_metrics_tests: The metric name")
            .And.Contain("Counter taken_by_declared_metrics_tests (labels status)"));
    }

    [Test]
    public void Code_that_makes_a_declared_metric_gets_it_and_one_that_makes_it_otherwise_is_told_where_it_was_declared()
    {
        using var host = Host(_ => { }, s_declared);
        var metrics = host.Services.GetRequiredService<MetricsCollector>();

        Assert.That(metrics.CreateCounter("by_route_total", "Other help.", "method", "route"), Is.SameAs(metrics.GetCounter("by_route_total")));
        Assert.That(
            () => metrics.CreateCounter("by_route_total", "", "path"),
            Throws.TypeOf<DuplicateMetricException>().With.Message.Contains("declared in Telemetry:Metrics:Definitions:by_route_total"));
    }

    [Test]
    public void They_count_in_memory_where_telemetry_is_off()
    {
        using var host = Host(_ => { }, [.. s_declared, ("Telemetry:Enabled", "false")]);

        host.Services.GetRequiredKeyedService<Counter>("requests_total").Inc();

        Assert.That(host.Services.GetRequiredService<MetricsCollector>().GetCounter("requests_total").Get(), Is.EqualTo(1));
    }

    private static IHost Host(Action<IServiceCollection> configure, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddPepperTelemetry();
        configure(builder.Services);
        return builder.Build();
    }

    private static string Scrape(MetricsCollector metrics)
    {
        var exporter = new PrometheusExporter();
        exporter.Export(metrics.CollectAll());
        return exporter.GetMetricsText();
    }

    private sealed class Handler([FromKeyedServices("checked_total")] Counter counter)
    {
        public void Handle() => counter.Inc();
    }

    private sealed class Shop(
        [FromKeyedServices("requests_total")] Counter requests,
        [FromKeyedServices("open")] Gauge open,
        [FromKeyedServices("latency")] Histogram latency,
        [FromKeyedServices("wait")] Summary wait)
    {
        public Counter Requests => requests;

        public Gauge Open => open;

        public Histogram Latency => latency;

        public Summary Wait => wait;
    }
}
