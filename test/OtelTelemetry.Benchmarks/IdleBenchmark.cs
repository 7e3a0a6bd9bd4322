using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Alerts.Handlers.Log;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Health.Checks.DiskSpace;
using OtelTelemetry.Health.Checks.Memory;
using OtelTelemetry.Health.Checks.Metric;
using OtelTelemetry.Health.Checks.Tcp;
using OtelTelemetry.Monitoring;

namespace OtelTelemetry.Benchmarks;

/// <summary>What watching costs a program that does nothing, with default intervals: a host without and with the endpoint for Prometheus, system metrics, health checks and alert rules, and each collector alone.</summary>
internal static class IdleBenchmark
{
    private const int Runs = 500;
    private const int Rules = 10;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(65);

    public static async Task RunAsync(int seconds)
    {
        using var neighbor = new TcpListener(IPAddress.Loopback, 0);
        neighbor.Start();
        using var plain = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true }).Build();
        using var watched = Watched(((IPEndPoint)neighbor.LocalEndpoint).Port);

        await plain.StartAsync().ConfigureAwait(false);
        var without = await IdleAsync(seconds).ConfigureAwait(false);
        await plain.StopAsync().ConfigureAwait(false);

        await watched.StartAsync().ConfigureAwait(false);
        var monitor = watched.Services.GetRequiredService<PerformanceMonitor>();
        Console.WriteLine("| collector | every | us/run | B/run |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var collector in monitor.Collectors) await MeasureAsync(monitor, collector).ConfigureAwait(false);

        // Nor what happens once, such as the first run of each check.
        await Task.Delay(s_warmUp).ConfigureAwait(false);
        var with = await IdleAsync(seconds).ConfigureAwait(false);
        await watched.StopAsync().ConfigureAwait(false);
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle for {seconds} s each: {without:0.000}% of one core as a bare host, {with:0.000}% with /metrics, system metrics, 4 health checks and {Rules} alert rules"));
    }

    private static IHost Watched(int port)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("Telemetry:Prometheus:Port", Port().ToString(CultureInfo.InvariantCulture))]);
        var telemetry = builder.AddPepperTelemetry()
            .AddSystemMetrics()
            .AddHealthCheck("neighbor", new TcpHealthCheckOptions { Host = "127.0.0.1", Port = port })
            .AddHealthCheck("disk", new DiskSpaceHealthCheckOptions { Path = "/" })
            .AddHealthCheck("memory", new MemoryHealthCheckOptions { MaxUsedPercent = 90 })
            .AddHealthCheck("processors", new MetricHealthCheckOptions { Metric = "process.cpu.utilization", Above = 0.9 })
            .AddAlertHandler("Log", new LogAlertHandlerOptions());
        for (var i = 0; i < Rules; i++)
        {
            telemetry.AddAlertRule($"Rule{i}", new AlertRule { Metric = i % 2 == 0 ? "process.memory.usage" : "system.network.io", Function = i % 2 == 0 ? AlertFunction.Average : AlertFunction.Rate, Threshold = 1e15 });
        }

        return builder.Build();
    }

    /// <summary>A port that is free.</summary>
    private static int Port()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task MeasureAsync(PerformanceMonitor monitor, MonitorStatus collector)
    {
        // What is compiled once is no cost of idling.
        for (var i = 0; i < 50; i++) await monitor.CollectAsync(collector.Name).ConfigureAwait(false);
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
