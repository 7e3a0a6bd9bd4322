using System.Net;
using System.Text.Json;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The examples of monitoring, as a user runs them.</summary>
[TestFixture]
public sealed class MonitoringExampleTests
{
    [Test]
    public async Task AppPerformance_shows_the_machine_under_both_kinds_of_names()
    {
        var address = new Uri($"http://localhost:{FreePort.Next()}");
        using var http = new HttpClient { BaseAddress = address };
        await using var process = ServerProcess.Start(
            "dotnet",
            [Repository.PathToExample("AppPerformance")],
            ServerProcess.CreateDataFolder(),
            new Dictionary<string, string> { ["Telemetry__Prometheus__Port"] = $"{address.Port}" });
        await process.WaitUntilReady(() => Task.FromResult(process.Output.ToString().Contains($"AppPerformance is watched at http://localhost:{address.Port}/metrics", StringComparison.Ordinal)));

        var lines = (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');

        double Sum(string start) => lines.Where(line => line.StartsWith(start, StringComparison.Ordinal)).Sum(ExpositionLine.Value);
        Assert.That(Sum("system_cpu_usage_percent{"), Is.EqualTo(100).Within(0.01));
        Assert.That(Sum("system_memory_usage_bytes{type=\"total\"}"), Is.EqualTo(Sum("system_memory_usage_bytes{type=\"used\"}")
            + Sum("system_memory_usage_bytes{type=\"free\"}") + Sum("system_memory_usage_bytes{type=\"buffers\"}") + Sum("system_memory_usage_bytes{type=\"cached\"}")));
        Assert.That(Sum("system_disk_usage_bytes{path=\"/\"}"), Is.GreaterThan(0));
        Assert.That(Sum("system_network_bytes_total{interface=\"lo\",direction=\"receive\"}"), Is.GreaterThan(0));
        Assert.That(Sum("system_cpu_time_seconds_total{cpu_mode=\"idle\"}"), Is.GreaterThan(0));
        Assert.That(Sum("process_memory_usage_bytes"), Is.GreaterThan(1 << 20));
        Assert.That(Sum("telemetry_monitor_runs_total{collector=\"cpu\",result=\"ok\"}"), Is.GreaterThanOrEqualTo(1));
        Assert.That(lines, Has.None.Contains("result=\"error\""));
        var output = process.Output.ToString();
        Assert.That(output, Does.Match(@"disk +every 300 s .* ok").And.Match(@"cpu +every  30 s .* ok").And.Match(@"system\.disk +every  60 s .* ok").And.Match(@"process\.memory\.usage = \d+"));
        await process.Stop();
        Assert.That(process.ExitCode, Is.Zero, output);
    }

    [Test]
    public async Task ApiMonitor_counts_requests_latency_and_errors_and_keeps_what_it_saw()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        using var http = new HttpClient { BaseAddress = address };
        await using var process = ServerProcess.Start(
            "dotnet",
            [Repository.PathToExample("ApiMonitor"), "--urls", address.ToString()],
            ServerProcess.CreateDataFolder(),
            new Dictionary<string, string> { ["Telemetry__Monitoring__Interval"] = "200ms", ["Telemetry__Monitoring__Jitter"] = "0s" });
        await process.WaitUntilReady(() => Task.FromResult(process.Output.ToString().Contains("Application started", StringComparison.Ordinal)));

        foreach (var (path, status) in new[] { ("/api/users/7", HttpStatusCode.OK), ("/api/users/8", HttpStatusCode.OK), ("/api/users/404", HttpStatusCode.NotFound), ("/api/broken", HttpStatusCode.InternalServerError) })
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(status), path);
        }

        var points = await Eventually.Get("both errors in the history", History, all => all.Select(point => point.GetProperty("labels").GetString()).Distinct().Count() == 2);
        Assert.That(points.Select(point => point.GetProperty("value").GetDouble()), Is.All.EqualTo(1));
        var lines = (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n');
        Assert.That(lines, Is.SupersetOf(new[]
        {
            "api_requests_total{method=\"GET\",path=\"/api/users/{id:int}\",status=\"200\"} 2",
            "api_requests_total{method=\"GET\",path=\"/api/users/{id:int}\",status=\"404\"} 1",
            "api_errors_total{method=\"GET\",path=\"/api/broken\",code=\"500\"} 1",
            "api_request_latency_seconds_count{method=\"GET\",path=\"/api/users/{id:int}\"} 3",
            "api_active_connections{type=\"http\"} 0",
            "requests{method=\"GET\",path=\"/api/users/{id:int}\",status=\"200\"} 2",
            "errors{code=\"404\",method=\"GET\",path=\"/api/users/{id:int}\"} 1",
        }));
        Assert.That(lines, Has.Some.StartsWith("threads{state=\"all\"} "), "a gauge, as the settings say, though the name would make it a summary");

        async Task<JsonElement[]> History() => JsonSerializer.Deserialize<JsonElement[]>(await http.GetStringAsync(new Uri("/history/errors", UriKind.Relative)))!;
    }
}
