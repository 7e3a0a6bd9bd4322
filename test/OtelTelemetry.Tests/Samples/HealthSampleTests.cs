using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Instruments;
using OtelTelemetry.Tests.Health.Checks;
using OtelTelemetry.Tests.Support;
using Samples;

namespace OtelTelemetry.Tests.Samples;

/// <summary>The health checks of the ClusterDB document run, with the places of its servers on this machine.</summary>
[UnsupportedOSPlatform("windows")]
[Platform("Linux", Reason = "The script is for a POSIX shell.")]
public class HealthSampleTests
{
    [Test]
    public async Task ClusterDB_health_checks()
    {
        using var database = new TcpListener(IPAddress.Loopback, 0);
        database.Start();
        using var redis = new LoopbackHttpServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var folder = new TemporaryFolder();
        var script = folder.File("check-disk-space");
        await File.WriteAllTextAsync(script, "#!/bin/sh\necho \"$1 $2\"\nexit 1\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var yaml = new MemoryStream(Encoding.UTF8.GetBytes(ClusterDbSamples.HealthSettings));
        var configuration = new ConfigurationBuilder().AddTelemetryYamlStream(yaml).AddInMemoryCollection(
        [
            new("Telemetry:ServiceName", "samples." + Guid.NewGuid().ToString("N")), new("Telemetry:Prometheus:Enabled", "false"),
            new("Telemetry:Health:Checks:database:Host", "127.0.0.1"),
            new("Telemetry:Health:Checks:database:Port", ((IPEndPoint)database.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new("Telemetry:Health:Checks:redis:Url", redis.Address.ToString()),
            new("Telemetry:Health:Checks:disk-space:Command", script),
            new("Telemetry:Health:Checks:disk-space:Interval", "50ms"),
        ]).Build();

        await using var telemetry = await TelemetryManager.StartAsync(configuration: configuration);
        await Within.Time(() => telemetry.Health.GetReport().Checks.All(check => check.State != HealthState.Unknown), "every check is known");

        var checks = telemetry.Health.GetReport("ready")!.Checks.ToDictionary(check => check.Name);
        Assert.That((checks["database"].State, checks["redis"].State, checks["disk-space"].State), Is.EqualTo((HealthState.Healthy, HealthState.Healthy, HealthState.Unhealthy)));
        Assert.That(checks["disk-space"].LastError!.Description, Does.EndWith("ended with code 1: --threshold 90"));
        Assert.That(redis.Requests[0], Does.StartWith("GET /health"));
        var plan = telemetry.Health.Checks.Single(check => check.Plan.Name == "database").Plan;
        Assert.That((plan.Interval, plan.Timeout, plan.UnhealthyThreshold, plan.HealthyThreshold), Is.EqualTo((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), 3, 2)));
        var disk = telemetry.Health.Checks.Single(check => check.Plan.Name == "disk-space").Plan;
        Assert.That((disk.Timeout, disk.UnhealthyThreshold, disk.HealthyThreshold), Is.EqualTo((TimeSpan.FromSeconds(30), 2, 1)));
    }
}
