using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Configuration;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Monitoring;

public class MonitoringSettingsTests
{
    [Test]
    public void The_section_sets_every_property()
    {
        var monitoring = TelemetrySettingsTests.Bind(
            ("Telemetry:Monitoring:Interval", "60s"),
            ("Telemetry:Monitoring:Timeout", "5s"),
            ("Telemetry:Monitoring:Jitter", "2s"),
            ("Telemetry:Monitoring:Retries", "3"),
            ("Telemetry:Monitoring:RetryDelay", "500ms"),
            ("Telemetry:Monitoring:HistorySize", "3600"),
            ("Telemetry:Monitoring:Metrics:cpu:Type", "Gauge"),
            ("Telemetry:Monitoring:Metrics:cpu:Interval", "30s"),
            ("Telemetry:Monitoring:Metrics:cpu:Labels", "type"),
            ("Telemetry:Monitoring:Metrics:disk:Interval", "300s"),
            ("Telemetry:Monitoring:System:Enabled", "true"),
            ("Telemetry:Monitoring:System:Disk:Enabled", "false"),
            ("Telemetry:Monitoring:System:Filesystem:Interval", "5m"),
            ("Telemetry:Monitoring:System:Network:Exclude:0", "lo")).Options.Monitoring;

        Assert.That(
            (monitoring.Interval, monitoring.Timeout, monitoring.Jitter, monitoring.Retries, monitoring.RetryDelay, monitoring.HistorySize),
            Is.EqualTo((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(0.5), 3600)));
        Assert.That((monitoring.Metrics["cpu"].Type, monitoring.Metrics["cpu"].Interval, monitoring.Metrics["cpu"].Labels!.Single()), Is.EqualTo(((MetricKind?)MetricKind.Gauge, (TimeSpan?)TimeSpan.FromSeconds(30), "type")));
        Assert.That((monitoring.Metrics["disk"].Type, monitoring.Metrics["disk"].Interval), Is.EqualTo(((MetricKind?)null, (TimeSpan?)TimeSpan.FromMinutes(5))));
        Assert.That((monitoring.System.Enabled, monitoring.System.Disk.Enabled, monitoring.System.Cpu.Enabled), Is.EqualTo((true, false, true)));
        Assert.That((monitoring.System.Filesystem.Interval, monitoring.System.Network.Exclude.Single()), Is.EqualTo(((TimeSpan?)TimeSpan.FromMinutes(5), "lo")));
    }

    [TestCase("Telemetry:Monitoring:Interval", "0s", "00:00:00 is no interval")]
    [TestCase("Telemetry:Monitoring:Timeout", "soon", "'soon' is not")]
    [TestCase("Telemetry:Monitoring:Jitter", "15s", "00:00:15 is as long as the interval")]
    [TestCase("Telemetry:Monitoring:Retries", "-1", "-1 is no number of retries")]
    [TestCase("Telemetry:Monitoring:HistorySize", "2000000", "2000000 is no number of values")]
    [TestCase("Telemetry:Monitoring:Metrics:cpu:Type", "thermometer", "'thermometer' is not a type of metric")]
    [TestCase("Telemetry:Monitoring:Metrics:cpu:Interval", "0s", "00:00:00 is no interval")]
    [TestCase("Telemetry:Monitoring:Metrics:cpu:Intervall", "1s", "this is not a setting of a monitored metric")]
    [TestCase("Telemetry:Monitoring:Metrics:cpu", "30s", "'30s' stands where an object is expected")]
    [TestCase("Telemetry:Monitoring:System:Cpu:Interval", "0s", "00:00:00 is no interval")]
    [TestCase("Telemetry:Monitoring:System:Network:Enabled", "maybe", "'maybe' is not true or false")]
    public void What_is_wrong_is_told_under_its_own_name(string key, string value, string says)
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind((key, value)))!.Errors.Single();
        Assert.That(error.Setting, Is.EqualTo(key));
        Assert.That(error.Problem, Does.Contain(says));
    }

    [Test]
    public async Task With_a_host_the_monitor_runs_from_start_to_stop()
    {
        var clock = new FakeClock();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Telemetry:Monitoring:Jitter", (string?)"0s"), KeyValuePair.Create("Telemetry:Monitoring:System:Disk:Enabled", (string?)"false")]);
        builder.Services.AddSingleton<TimeProvider>(clock);
        var runs = 0;
        builder.AddPepperTelemetry()
            .AddSystemMetrics(system => system.Container.Enabled = false)
            .AddMonitor((_, monitor) => monitor.RegisterCollector("own", _ => Task.FromResult(Interlocked.Increment(ref runs))));
        using var host = builder.Build();
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        Assert.That(telemetry.Monitor.Collectors.Select(collector => collector.Name), Does.Contain("own").And.Contain("system.memory").And.Not.Contain("system.disk").And.Not.Contain("container"));
        clock.Advance(TimeSpan.Zero);
        await telemetry.Monitor.RunningOf("own");
        await telemetry.Monitor.RunningOf("system.memory");
        Assert.That(runs, Is.EqualTo(1));
        using (var collection = telemetry.ReadModel.Collect()) Assert.That(collection.Families.Select(family => family.Descriptor.Name), Does.Contain("system.memory.usage"));
        await host.StopAsync();
        clock.Advance(TimeSpan.FromHours(1));
        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_host_collectors_are_registered_while_it_runs()
    {
        await using var telemetry = await TelemetryManager.StartAsync(options => options.Monitoring.Jitter = TimeSpan.Zero, new ConfigurationBuilder().Build());
        var ran = new TaskCompletionSource();
        telemetry.Monitor.RegisterCollector("own", _ =>
        {
            ran.TrySetResult();
            return Task.CompletedTask;
        });
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task With_telemetry_off_nothing_runs()
    {
        await using var telemetry = await TelemetryManager.StartAsync(
            options =>
            {
                options.Enabled = false;
                options.Monitoring.System.Enabled = true;
            },
            new ConfigurationBuilder().Build());
        Assert.That(telemetry.Monitor.Collectors, Is.Empty);
    }

    [Test]
    public void A_metric_that_another_has_the_name_of_ends_the_start()
    {
        var name = $"taken_{Guid.NewGuid():N}";
        using var collector = new MetricsCollector(new MetricsCollectorOptions { MeterName = name });
        collector.CreateCounter(name);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create($"Telemetry:Monitoring:Metrics:{name}:Type", (string?)"gauge"), KeyValuePair.Create($"Telemetry:Monitoring:Metrics:{name}:Labels", (string?)"type")]).Build();
        var error = Assert.ThrowsAsync<TelemetryConfigurationException>(() => TelemetryManager.StartAsync(_ => { }, configuration))!;
        Assert.That(error.Errors.Single().Setting, Is.EqualTo($"Telemetry:Monitoring:Metrics:{name}"));
    }
}
