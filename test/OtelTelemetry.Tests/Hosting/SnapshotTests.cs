using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Hosting;

public class SnapshotTests
{
    [Test]
    public async Task A_snapshot_has_the_metrics_of_its_moment_and_says_how_telemetry_is_doing()
    {
        await using var telemetry = await TelemetryManager.StartAsync(_ => { }, new ConfigurationBuilder().Build());
        var counter = telemetry.Metrics.CreateCounter($"n{Guid.NewGuid():N}_total");
        counter.Inc(3);
        telemetry.Events.Record("started");
        var snapshot = telemetry.GetSnapshot();
        counter.Inc();
        Assert.That(snapshot.Find(counter.Name)!.Samples.Single().Value, Is.EqualTo(3));
        Assert.That(snapshot.Find("no_such_metric"), Is.Null);
        Assert.That((snapshot.EventsCount, snapshot.IsRunning), Is.EqualTo((telemetry.Events.Count, true)));
        Assert.That(snapshot.Metrics.Select(family => family.Descriptor.Name), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        await telemetry.ShutdownAsync();
        Assert.That(telemetry.GetSnapshot().IsRunning, Is.False);
    }

    [Test]
    public async Task Metrics_are_collected_on_an_interval_until_it_is_stopped()
    {
        var clock = new FakeClock();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Telemetry:Metrics:CollectionInterval", (string?)"30s")]);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddPepperTelemetry();
        using var host = builder.Build();
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        var gauge = host.Services.GetRequiredService<MetricsCollector>().CreateGauge($"g{Guid.NewGuid():N}");
        gauge.Set(1);
        Assert.That(telemetry.LatestSnapshot, Is.Null);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That(Value(), Is.EqualTo(1));
        gauge.Set(2);
        Assert.That(Value(), Is.EqualTo(1));
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That(Value(), Is.EqualTo(2));

        telemetry.StopCollection();
        gauge.Set(3);
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That(Value(), Is.EqualTo(2));
        telemetry.StartCollection(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Value(), Is.EqualTo(3));
        Assert.That(() => telemetry.StartCollection(TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
        await host.StopAsync();

        double Value() => telemetry.LatestSnapshot!.Find(gauge.Name)!.Samples.Single().Value;
    }
}
