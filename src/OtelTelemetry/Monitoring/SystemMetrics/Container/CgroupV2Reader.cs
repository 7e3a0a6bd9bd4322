namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Control groups of version 2: one hierarchy.</summary>
internal sealed class CgroupV2Reader(CgroupFolder folder) : ICgroupReader
{
    private const double MicrosecondsPerSecond = 1e6;

    private readonly KernelFile? _cpu = folder.Open("cpu.stat");
    private readonly KernelFile[] _cpuLimits = folder.OpenAll("cpu.max");
    private readonly KernelFile? _memory = folder.Open("memory.current");
    private readonly KernelFile? _memoryStat = folder.Open("memory.stat");
    private readonly KernelFile[] _memoryLimits = folder.OpenAll("memory.max");

    public ContainerReading Read()
    {
        var reading = default(ContainerReading);
        if (_cpu is not null)
        {
            var times = _cpu.Read();
            reading = reading with
            {
                UserSeconds = Cgroup.Value(times, "user_usec"u8) / MicrosecondsPerSecond,
                SystemSeconds = Cgroup.Value(times, "system_usec"u8) / MicrosecondsPerSecond,
                ThrottledSeconds = Cgroup.Value(times, "throttled_usec"u8) / MicrosecondsPerSecond,
            };
        }

        if (_memory is not null && TextFields.TryNumber(_memory.Read(), out var usage)) reading = reading with { MemoryUsage = usage };
        if (_memoryStat is not null) reading = reading with { InactiveFiles = Cgroup.Value(_memoryStat.Read(), "inactive_file"u8) };
        return reading with { CpuLimit = CpuLimit(), MemoryLimit = CgroupV1Reader.Least(_memoryLimits) };
    }

    private double? CpuLimit()
    {
        double? least = null;
        foreach (var file in _cpuLimits)
        {
            if (Cgroup.Processors(file.Read()) is { } limit && !(limit >= least)) least = limit;
        }

        return least;
    }
}
