using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Aggregating;
using OtelTelemetry.Collectors.Batch;
using OtelTelemetry.Collectors.RateLimited;
using OtelTelemetry.Collectors.Sampling;
using OtelTelemetry.Configuration;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Collectors;

public class CollectorSettingsTests
{
    private const string All = """
        { "Telemetry": { "Metrics": {
            "Unregistered": "gauge",
            "MaxUnregistered": 7,
            "Buffer": { "BatchSize": 5, "Capacity": 50, "FlushInterval": "2s", "WriteTimeout": "3s" },
            "Collectors": [
              { "Type": "aggregating", "Window": "1m", "MaxSeries": 9 },
              { "Type": "Sampling", "Rate": 0.5, "Rates": { "orders_total": 1 } },
              { "Type": "RateLimited", "PermitLimit": 10, "Window": "2s", "Burst": 3, "PerName": true, "PermitLimits": { "orders_total": 4 } },
              { "Type": "Batch", "BatchSize": 20, "MaxAge": "500ms", "Capacity": 40 } ] } } }
        """;

    [Test]
    public void Every_collector_is_read_in_the_order_written()
    {
        var metrics = Settings(All).Options.Metrics;
        Assert.That(metrics.Collectors.Select(options => options.GetType()), Is.EqualTo(new[]
        {
            typeof(AggregatingCollectorOptions), typeof(SamplingCollectorOptions), typeof(RateLimitedCollectorOptions), typeof(BatchCollectorOptions),
        }));
        Assert.That(metrics.Collectors[0], Is.EqualTo(new AggregatingCollectorOptions { Window = TimeSpan.FromMinutes(1), MaxSeries = 9 }));
        var sampling = (SamplingCollectorOptions)metrics.Collectors[1];
        Assert.That((sampling.Rate, sampling.Rates["orders_total"]), Is.EqualTo((0.5, 1.0)));
        var limited = (RateLimitedCollectorOptions)metrics.Collectors[2];
        Assert.That((limited.PermitLimit, limited.Window, limited.Burst, limited.PerName, limited.PermitLimits["orders_total"]), Is.EqualTo((10, TimeSpan.FromSeconds(2), 3, true, 4)));
        Assert.That(metrics.Collectors[3], Is.EqualTo(new BatchCollectorOptions { BatchSize = 20, MaxAge = TimeSpan.FromMilliseconds(500), Capacity = 40 }));
        Assert.That(metrics.Buffer, Is.EqualTo(new MetricBufferOptions { BatchSize = 5, Capacity = 50, FlushInterval = TimeSpan.FromSeconds(2), WriteTimeout = TimeSpan.FromSeconds(3) }));
        Assert.That(metrics.MaxUnregistered, Is.EqualTo(7));
        Assert.That(metrics.Unregistered.Kind("some_total"), Is.EqualTo(OtelTelemetry.Reading.MetricKind.Gauge));
    }

    [Test]
    public void Every_mistake_is_told_at_once_under_its_own_name()
    {
        const string json = """
            { "Telemetry": { "Metrics": {
                "Unregistered": "tally",
                "Buffer": { "BatchSize": 0 },
                "Collectors": [
                  { "Type": "Smapling" },
                  { "Rate": 1 },
                  { "Type": "Sampling", "Rate": "often", "Rates": { "a": "never", "b": 2 } } ] } } }
            """;
        var errors = Assert.Throws<TelemetryConfigurationException>(() => Settings(json))!.Errors.Select(error => error.ToString()).ToArray();
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Metrics:Unregistered: 'tally' is not a rule").And.Some.Contains("ByName, Reject, Counter"));
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Metrics:Buffer:BatchSize: 0 measurements are no batch"));
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Metrics:Collectors:0:Type: 'Smapling' is not a collector").And.Some.Contains("Aggregating, Sampling, RateLimited, Batch"));
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Metrics:Collectors:1:Type: the collector has no type"));
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Metrics:Collectors:2:Rate: 'often' is not a number"));
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Metrics:Collectors:2:Rates:a: 'never' is not a number"));
    }

    [Test]
    public void Values_out_of_range_are_told_under_the_key_they_were_written_with()
    {
        const string json = """
            { "Telemetry": { "Metrics": { "Collectors": [
                { "Type": "Sampling", "Rate": 2, "Rates": { "b": -1 } },
                { "Type": "Batch", "BatchSize": 0 } ] } } }
            """;
        var errors = Assert.Throws<TelemetryConfigurationException>(() => Settings(json))!.Errors.Select(error => error.Setting).ToArray();
        Assert.That(errors, Is.EquivalentTo(new[]
        {
            "Telemetry:Metrics:Collectors:0:Rate", "Telemetry:Metrics:Collectors:0:Rates:b", "Telemetry:Metrics:Collectors:1:BatchSize",
        }));
    }

    [Test]
    public void A_misspelt_key_of_a_collector_is_warned_of() =>
        Assert.That(
            Settings("""{ "Telemetry": { "Metrics": { "Collectors": [ { "Type": "Sampling", "Raet": 0.5 } ] } } }""").Warnings,
            Has.Some.Contains("Telemetry:Metrics:Collectors:0:Raet").And.Some.Contains("Collectors:0:Rate"));

    [Test]
    public async Task A_host_s_pipeline_is_that_of_the_configuration_and_ends_with_nothing_left_behind()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonStream(Json("""{ "Telemetry": { "Metrics": { "Collectors": [ { "Type": "RateLimited", "PermitLimit": 100000 }, { "Type": "Batch", "BatchSize": 1000, "MaxAge": "1h" } ] } } }"""));
        builder.AddPepperTelemetry().AddMetricSink<InMemoryMetricSink>();
        builder.Services.AddSingleton(_ => new InMemoryMetricSink());
        using var host = builder.Build();
        await host.StartAsync();
        var collector = host.Services.GetRequiredService<IMetricCollector>();
        var name = $"host_{Guid.NewGuid():N}_total";
        for (var i = 0; i < 10; i++) collector.Record(name, 1);
        Assert.That(collector.GetStats().Buffered, Is.EqualTo(10));

        var sink = host.Services.GetRequiredService<InMemoryMetricSink>();
        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        await host.StopAsync();
        Assert.That(collector, Is.SameAs(host.Services.GetRequiredService<CollectorPipeline>()));
        Assert.That(collector.GetStats(), Has.Property("Applied").EqualTo(10).And.Property("Buffered").EqualTo(0));
        Assert.That(((Counter)metrics.GetMetric(name)!).Get(), Is.EqualTo(10));
        Assert.That(sink.Written, Is.EqualTo(10));
    }

    [Test]
    public void A_container_can_be_ended_without_waiting_asynchronously()
    {
        var services = new ServiceCollection();
        services.AddPepperTelemetry();
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IMetricCollector>().Record($"container_{Guid.NewGuid():N}_total", 1);
        Assert.That(provider.Dispose, Throws.Nothing);
    }

    [Test]
    public void What_code_writes_replaces_the_configuration_s_collectors()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddJsonStream(Json(All));
        builder.AddPepperTelemetry().WithCollectors(collectors => collectors.UseSampling(0.25).UseBatching(10));
        using var host = builder.Build();
        Assert.That(host.Services.GetRequiredService<CollectorPipeline>().Stages.Select(stage => stage.GetType()), Is.EqualTo(new[] { typeof(SamplingCollector), typeof(BatchCollector) }));
    }

    [Test]
    public async Task A_program_without_a_host_has_it_too()
    {
        var options = new TelemetryOptions();
        options.Metrics.Collectors.Add(new BatchCollectorOptions { BatchSize = 100 });
        options.Metrics.Meters.Add($"none{Guid.NewGuid():N}");
        await using var telemetry = await TelemetryManager.StartAsync(options, new ConfigurationBuilder().Build());
        var name = $"program_{Guid.NewGuid():N}_total";
        telemetry.Collectors.Record(name, 3);
        Assert.That(telemetry.Collectors.GetStats().Buffered, Is.EqualTo(1));
        await telemetry.FlushAsync();
        Assert.That(((Counter)telemetry.Metrics.GetMetric(name)!).Get(), Is.EqualTo(3));
    }

    private static TelemetrySettings Settings(string json) =>
        TelemetrySettings.Create(new ConfigurationBuilder().AddJsonStream(Json(json)).Build(), environment: null, []);

    private static MemoryStream Json(string text) => new(Encoding.UTF8.GetBytes(text));
}
