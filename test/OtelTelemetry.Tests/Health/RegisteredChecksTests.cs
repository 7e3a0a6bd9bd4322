using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Health;
using OtelTelemetry.Health.Checks.Tcp;
using OtelTelemetry.Instruments;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Health;

/// <summary>Checks that an application has already join in with one line.</summary>
public class RegisteredChecksTests
{
    private FakeClock _clock = null!;

    [SetUp]
    public void CreateClock() => _clock = new FakeClock();

    [Test]
    public async Task They_run_in_the_background_from_the_start_to_the_stop_of_the_host()
    {
        var runs = 0;
        var builder = Builder();
        builder.Services.AddScoped<Scoped>();
        builder.Services.AddHealthChecks()
            .AddCheck("code", () => HealthCheckResult.Degraded($"run {++runs}"), ["sql"])
            .AddCheck<Injected>("injected");
        using var host = builder.Build();
        var monitor = host.Services.GetRequiredService<HealthMonitor>();
        await host.StartAsync();
        await Rounds(monitor);

        Assert.That(monitor.GetReport("sql")!.Checks.Single().State, Is.EqualTo(HealthState.Degraded));
        Assert.That(monitor.GetReport().Checks.Single(check => check.Name == "injected").LastRun!.Description, Is.EqualTo("a scope of its own"));
        Assert.That(host.Services.GetRequiredService<TelemetryManager>().Health, Is.SameAs(monitor));

        await host.StopAsync();
        var before = runs;
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That((monitor.IsStopping, runs), Is.EqualTo((true, before)));
    }

    [Test]
    public async Task What_the_registration_says_counts_and_the_settings_beat_it()
    {
        var builder = Builder(("Telemetry:Health:Checks:Set:Interval", "7s"), ("Telemetry:Health:Checks:Set:Tags", "live"), ("Telemetry:Health:Checks:Set:UnhealthyThreshold", "9"));
        builder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration("set", _ => new Injected(null!), HealthStatus.Degraded, ["a"], TimeSpan.FromSeconds(3)) { Period = TimeSpan.FromSeconds(11) })
            .Add(new HealthCheckRegistration("said", _ => new Injected(null!), HealthStatus.Degraded, ["a"], TimeSpan.FromSeconds(3)) { Period = TimeSpan.FromSeconds(11), Delay = TimeSpan.FromSeconds(2) });
        using var host = builder.Build();
        await using var monitor = host.Services.GetRequiredService<HealthMonitor>();
        var plans = monitor.Checks.ToDictionary(check => check.Plan.Name, check => check.Plan);

        Assert.That((plans["said"].Interval, plans["said"].Timeout, plans["said"].Delay, plans["said"].FailureStatus), Is.EqualTo((TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2), HealthStatus.Degraded)));
        Assert.That((plans["set"].Interval, plans["set"].UnhealthyThreshold, plans["said"].UnhealthyThreshold), Is.EqualTo((TimeSpan.FromSeconds(7), 9, 3)));
        Assert.That((plans["set"].Tags.Single(), plans["said"].Tags.Single()), Is.EqualTo(("live", "a")));
    }

    [Test]
    public void Names_that_do_not_fit_together_are_told_at_the_start()
    {
        var builder = Builder(("Telemetry:Health:Checks:Nobody:Interval", "7s"));
        builder.AddPepperTelemetry().AddHealthCheck("taken", new TcpHealthCheckOptions { Host = "database", Port = 5432 });
        builder.Services.AddHealthChecks().AddCheck("taken", () => HealthCheckResult.Healthy());
        using var host = builder.Build();

        var errors = Assert.ThrowsAsync<TelemetryConfigurationException>(() => host.StartAsync())!.Errors;
        Assert.That(errors.Select(error => error.Setting), Is.EquivalentTo(new[] { "Telemetry:Health:Checks:Nobody:Type", "TelemetryOptions.Health.Checks.taken" }));
    }

    [Test]
    public async Task Where_health_is_off_nothing_runs()
    {
        var builder = Builder(("Telemetry:Health:Enabled", "false"));
        builder.Services.AddHealthChecks().AddCheck("code", () => throw new InvalidOperationException());
        using var host = builder.Build();
        await host.StartAsync();
        Assert.That(host.Services.GetRequiredService<HealthMonitor>().Checks, Is.Empty);
        await host.StopAsync();
    }

    [Test]
    public async Task A_check_that_hangs_does_not_hold_up_the_stop()
    {
        using var end = new ManualResetEventSlim();
        using var entered = new SemaphoreSlim(0);
        var builder = Builder(("Telemetry:ShutdownTimeout", "400ms"));
        builder.Services.AddHealthChecks().AddCheck("hangs", () =>
        {
            entered.Release();
            end.Wait();
            return HealthCheckResult.Healthy();
        });
        var host = builder.Build();
        await host.StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await entered.WaitAsync(TimeSpan.FromSeconds(20)), Is.True);
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        end.Set();
        host.Dispose();
    }

    private HostApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.AddPepperTelemetry(options =>
        {
            options.ServiceName = "health." + Guid.NewGuid().ToString("N");
            options.Prometheus.Enabled = false;
        });
        return builder;
    }

    private async Task Rounds(HealthMonitor monitor)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var check in monitor.Checks) await check.Turn.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private sealed class Scoped;

    private sealed class Injected(Scoped scoped) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(HealthCheckResult.Healthy(scoped is null ? null : "a scope of its own"));
    }
}
