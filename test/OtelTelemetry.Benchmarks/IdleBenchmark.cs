using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using OtelTelemetry.Monitoring;

namespace OtelTelemetry.Benchmarks;

/// <summary>What monitoring costs a program that does nothing: with default intervals over some time, and each collector alone.</summary>
internal static class IdleBenchmark
{
    private const int Runs = 500;

    public static async Task RunAsync(int seconds)
    {
        await using var telemetry = await TelemetryManager.StartAsync(
            options =>
            {
                options.Prometheus.Enabled = false;
                options.Monitoring.System.Enabled = true;
            },
            new ConfigurationBuilder().Build()).ConfigureAwait(false);
        var monitor = telemetry.Monitor;

        // What is compiled once is no cost of idling.
        for (var i = 0; i < 50; i++) await monitor.CollectAsync().ConfigureAwait(false);
        Console.WriteLine("| collector | every | us/run | B/run |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var collector in monitor.Collectors) await MeasureAsync(monitor, collector).ConfigureAwait(false);

        await monitor.StopAsync().ConfigureAwait(false);
        var without = await IdleAsync(seconds).ConfigureAwait(false);
        monitor.Start();
        var with = await IdleAsync(seconds).ConfigureAwait(false);
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle for {seconds} s each: {without:0.000}% of one core without the monitor, {with:0.000}% with it; {Math.Max(0, with - without):0.000}% is what it costs"));
    }

    private static async Task MeasureAsync(PerformanceMonitor monitor, MonitorStatus collector)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Runs; i++) await monitor.CollectAsync(collector.Name).ConfigureAwait(false);
        var time = Stopwatch.GetElapsedTime(started);
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {collector.Name} | {collector.Interval.TotalSeconds:0} s | {time.TotalMicroseconds / Runs:0.0} | {(double)bytes / Runs:0} |"));
    }

    /// <summary>The part of one core that the process takes while nothing happens, in percent.</summary>
    private static async Task<double> IdleAsync(int seconds)
    {
        GC.Collect();
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
        return 100 * (Environment.CpuUsage.TotalTime - cpu) / Stopwatch.GetElapsedTime(started);
    }
}
