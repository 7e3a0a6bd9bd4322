using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;

namespace AppPerformance;

/// <summary>Processors, memory, disks and network of the machine under names of its own, each measured on its own interval.</summary>
internal sealed class MachineCollectors : IDisposable
{
    private readonly SystemReadings _readings = new();
    private readonly MetricsCollector _metrics;
    private readonly Gauge _cpu;
    private readonly Gauge _memory;
    private readonly Gauge _disk;
    private readonly Counter _network;

    public MachineCollectors(MetricsRegistry registry)
    {
        _metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = "system", Registry = registry });
        _cpu = _metrics.CreateGauge("cpu_usage_percent", "CPU usage percentage", "type");
        _memory = _metrics.CreateGauge("memory_usage_bytes", "Memory usage in bytes", "type");
        _disk = _metrics.CreateGauge("disk_usage_bytes", "Disk usage in bytes", "path");
        _network = _metrics.CreateCounter("network_bytes_total", "Network traffic in bytes", "interface", "direction");
    }

    public void Register(PerformanceMonitor monitor)
    {
        monitor.RegisterCollector("cpu", Collect(CollectCpu));
        monitor.RegisterCollector("memory", Collect(CollectMemory));
        monitor.RegisterCollector("disk", Collect(CollectDisk));
        monitor.RegisterCollector("network", Collect(CollectNetwork));
    }

    public void Dispose()
    {
        _readings.Dispose();
        _metrics.Dispose();
    }

    private static Func<CancellationToken, Task> Collect(Action collect) => _ =>
    {
        collect();
        return Task.CompletedTask;
    };

    private void CollectCpu()
    {
        foreach (var (type, percent) in _readings.GetCpuUsage()) _cpu.Set(percent, type);
    }

    private void CollectMemory()
    {
        foreach (var (type, bytes) in _readings.GetMemoryUsage()) _memory.Set(bytes, type);
    }

    private void CollectDisk()
    {
        foreach (var (path, bytes) in _readings.GetDiskUsage()) _disk.Set(bytes, path);
    }

    private void CollectNetwork()
    {
        foreach (var (@interface, direction, bytes) in _readings.GetNetworkTraffic())
        {
            // The system counts since the interface is there; the counter is brought to the same number.
            var more = bytes - _network.Get(@interface, direction);
            if (more > 0) _network.Inc(more, @interface, direction);
        }
    }
}
