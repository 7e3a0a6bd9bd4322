using Microsoft.Extensions.Configuration;
using OtelTelemetry.Events;
using OtelTelemetry.Health;
using OtelTelemetry.Health.Checks.Http;
using OtelTelemetry.Health.Checks.Tcp;
using OtelTelemetry.Instruments;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Real servers that are killed and come back: the state follows after exactly the results that are set.</summary>
[TestFixture]
public sealed class HealthTests
{
    private const int Failures = 4;
    private const int Successes = 3;

    [Test]
    public async Task PostgreSQL_is_unhealthy_and_healthy_again_after_exactly_the_results_that_are_set()
    {
        await using var server = await WatchedServer.StartPostgres();
        await Follow(server, new TcpHealthCheckOptions { Host = "127.0.0.1", Port = server.Port });
    }

    [Test]
    public async Task Redis_is_unhealthy_and_healthy_again_after_exactly_the_results_that_are_set()
    {
        await using var server = await WatchedServer.StartRedis();
        await Follow(server, new TcpHealthCheckOptions { Host = "127.0.0.1", Port = server.Port });
    }

    [Test]
    public async Task Nginx_is_unhealthy_and_healthy_again_after_exactly_the_results_that_are_set()
    {
        await using var server = await WatchedServer.StartNginx();
        await Follow(server, new HttpHealthCheckOptions { Url = new Uri($"http://127.0.0.1:{server.Port}/health"), ExpectedStatus = [200], BodyContains = "fine" });
    }

    private static async Task Follow(WatchedServer server, TelemetryHealthCheckOptions check)
    {
        await using var telemetry = await TelemetryManager.StartAsync(
            options =>
            {
                options.ServiceName = "health." + Guid.NewGuid().ToString("N");
                options.Prometheus.Enabled = false;
                options.Health.HistorySize = 1000;
                options.Health.Checks["server"] = check with
                {
                    Interval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(5), UnhealthyThreshold = Failures, HealthyThreshold = Successes,
                };
            },
            new ConfigurationBuilder().Build());

        await WaitFor(telemetry, HealthState.Healthy, "the server is there");
        await server.Kill();
        var down = await WaitFor(telemetry, HealthState.Unhealthy, "the server was killed");
        await server.Restart();
        var up = await WaitFor(telemetry, HealthState.Healthy, "the server came back");

        // The state was read a little after it changed; what counts are the runs up to its beginning.
        Assert.That(down.History.Where(run => run.At <= down.Since).Reverse().TakeWhile(run => run.Result == HealthState.Unhealthy).Count(), Is.EqualTo(Failures));
        Assert.That(up.History.Where(run => run.At <= up.Since).Reverse().TakeWhile(run => run.Result == HealthState.Healthy).Count(), Is.EqualTo(Successes));
        var changes = telemetry.Events.GetEvents(new() { Name = HealthMonitor.StateChangedEvent, Order = EventOrder.OldestFirst })
            .Where(one => one.Labels["check"] == "server")
            .Select(one => ((IReadOnlyDictionary<string, object?>)one.Value!)["new_state"]);
        Assert.That(changes, Is.EqualTo(new[] { "healthy", "unhealthy", "healthy" }));
    }

    private static async Task<HealthCheckReport> WaitFor(TelemetryManager telemetry, HealthState state, string what)
    {
        var report = telemetry.Health.GetReport().Checks.Single();
        await Eventually.True(what, () =>
        {
            report = telemetry.Health.GetReport().Checks.Single();
            return Task.FromResult(report.State == state);
        });
        return report;
    }
}
