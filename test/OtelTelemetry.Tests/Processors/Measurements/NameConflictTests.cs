using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Otlp;

namespace OtelTelemetry.Tests.Processors.Measurements;

/// <summary>Names given by rules never make two metrics one without a word.</summary>
public class NameConflictTests
{
    [Test]
    public async Task A_rename_to_the_name_of_another_instrument_is_refused_and_counted()
    {
        var (first, second) = ("first" + Guid.NewGuid().ToString("N"), "second" + Guid.NewGuid().ToString("N"));
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Instrument = second, Rename = first });
        host.Meter.CreateCounter<long>(first).Add(1);
        host.Meter.CreateCounter<long>(second).Add(2);

        Assert.That(host.Read(first)[""], Is.EqualTo(1));
        Assert.That(host.Read(second)[""], Is.EqualTo(2));
        Assert.That(TelemetryLosses.Counted("metrics", second, "name_conflict"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_instrument_whose_name_a_rule_gave_away_is_left_out_and_counted()
    {
        var (first, second) = ("first" + Guid.NewGuid().ToString("N"), "second" + Guid.NewGuid().ToString("N"));
        await using var host = await RuleHost.StartAsync(new MeasurementRule { Instrument = first, Rename = second });
        host.Meter.CreateCounter<long>(first).Add(1);
        host.Meter.CreateCounter<long>(second).Add(2);

        Assert.That(host.Read(second)[""], Is.EqualTo(1), "Not the sum of both.");
        Assert.That(TelemetryLosses.Counted("metrics", second, "name_conflict"), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_of_our_metrics_under_one_name_are_not_written_twice()
    {
        await using var host = await RuleHost.StartAsync([("Telemetry:Metrics:Rules:0:Instrument", "{meter}_b"), ("Telemetry:Metrics:Rules:0:Rename", "{meter}_a"), ("Telemetry:Metrics:Rules:1:Instrument", "{meter}_c"), ("Telemetry:Metrics:Rules:1:Rename", "c.*")]);
        host.Metrics.CreateCounter("a").Inc(1);
        host.Metrics.CreateCounter("b").Inc(2);
        using var collection = host.ReadModel.Collect();
        var exporter = new PrometheusExporter();
        exporter.Export([.. collection.Families.Where(family => family.Descriptor.Scope.Name == host.MeterName).Select(MetricFamilyMaterializer.Materialize)]);

        Assert.That(exporter.GetMetricsText(), Is.EqualTo($"# TYPE {host.MeterName}_a_total counter\n{host.MeterName}_a_total 1\n").Or.EqualTo($"# TYPE {host.MeterName}_a_total counter\n{host.MeterName}_a_total 2\n"));
    }

    [Test]
    public async Task By_OTLP_everything_is_sent_once_under_its_new_name()
    {
        using var receiver = new LoopbackReceiver();
        var name = "sent" + Guid.NewGuid().ToString("N");
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Telemetry:ServiceName"] = "rules",
            ["Telemetry:Metrics:Namespace"] = name,
            ["Telemetry:Metrics:Meters:0"] = name + "*",
            ["Telemetry:Otlp:Endpoint"] = receiver.Address.ToString(),
            ["Telemetry:Otlp:Protocol"] = "http/protobuf",
            ["Telemetry:Metrics:Rules:0:Meter"] = name + "*",
            ["Telemetry:Metrics:Rules:0:DropLabels"] = "user",
            ["Telemetry:Metrics:Rules:0:Rename"] = "new.*",
            ["Telemetry:Metrics:Rules:1:Instrument"] = "*_secret",
            ["Telemetry:Metrics:Rules:1:Deny"] = "true",
            ["Telemetry:Metrics:Rules:2:Meter"] = name + "*",
            ["Telemetry:Metrics:Rules:2:AddLabels:site"] = "added-label",
        });
        builder.AddPepperTelemetry();
        using var host = builder.Build();
        await host.StartAsync();
        using var meter = new System.Diagnostics.Metrics.Meter(name + ".library");
        meter.CreateCounter<long>(name + "_library").Add(1, new KeyValuePair<string, object?>("user", "library-user"));
        var metrics = host.Services.GetRequiredService<MetricsCollector>();
        metrics.CreateCounter("orders", "", "user").Inc("own-user");
        metrics.CreateGauge("level", "", "user").Set(1, "own-user");
        metrics.CreateHistogram("seconds", "", "user").Observe(1, "own-user");
        metrics.CreateSummary("sizes", "", "user").Observe(1, "own-user");
        metrics.CreateCounter("secret").Inc();

        await host.StopAsync();

        foreach (var part in new[] { "library", "orders", "level", "seconds", "sizes" }) Assert.That(receiver.Count("/v1/metrics", $"new.{name}_{part}"), Is.EqualTo(1), part);
        Assert.That(receiver.Count("/v1/metrics", "added-label"), Is.EqualTo(5));
        foreach (var gone in new[] { "library-user", "own-user", name + "_secret" }) Assert.That(receiver.Count("/v1/metrics", gone), Is.Zero, gone);
    }
}
