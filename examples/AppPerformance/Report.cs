using System.Globalization;
using Microsoft.Extensions.Hosting;
using OtelTelemetry;

namespace AppPerformance;

/// <summary>Collects once at the start and says what was found, and where to see more.</summary>
internal sealed class Report(TelemetryManager telemetry) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await telemetry.Monitor.CollectAsync(stoppingToken);
        foreach (var collector in telemetry.Monitor.Collectors)
        {
            var state = collector.LastProblem ?? "ok";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{collector.Name,-18} every {collector.Interval.TotalSeconds,3:0} s   {collector.LastDuration.TotalMilliseconds,6:0.00} ms   {state}"));
        }

        foreach (var metric in (string[])["process.memory.usage", "process.thread.count", "container.memory.limit"])
        {
            foreach (var point in telemetry.Monitor.GetHistory(metric)) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric} = {point.Value:0}"));
        }

        Console.WriteLine($"AppPerformance is watched at http://localhost:{telemetry.Options.Prometheus.Port}/metrics; Ctrl+C ends it.");
    }
}
