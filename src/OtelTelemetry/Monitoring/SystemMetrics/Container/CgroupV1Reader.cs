namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Control groups of version 1: a hierarchy for each controller.</summary>
internal sealed class CgroupV1Reader : ICgroupReader
{
    private const double NanosecondsPerSecond = 1e9;

    private readonly KernelFile? _times;
    private readonly KernelFile? _throttling;
    private readonly (KernelFile Quota, KernelFile Period)[] _cpuLimits;
    private readonly KernelFile? _memory;
    private readonly KernelFile? _memoryStat;
    private readonly KernelFile[] _memoryLimits;

    public CgroupV1Reader(string root, ReadOnlySpan<byte> paths)
    {
        var cpu = Find(root, "cpu", Cgroup.PathOf(paths, "cpu"u8));
        var accounting = Find(root, "cpuacct", Cgroup.PathOf(paths, "cpuacct"u8));
        var memory = Find(root, "memory", Cgroup.PathOf(paths, "memory"u8));
        _times = accounting?.Open("cpuacct.stat");
        _throttling = cpu?.Open("cpu.stat");
        _cpuLimits = [.. (cpu?.OpenAll("cpu.cfs_quota_us") ?? []).Zip(cpu?.OpenAll("cpu.cfs_period_us") ?? [])];
        _memory = memory?.Open("memory.usage_in_bytes");
        _memoryStat = memory?.Open("memory.stat");
        _memoryLimits = memory?.OpenAll("memory.limit_in_bytes") ?? [];
    }

    public ContainerReading Read()
    {
        var reading = default(ContainerReading);
        if (_times is not null)
        {
            var times = _times.Read();
            reading = reading with { UserSeconds = Cgroup.Value(times, "user"u8) / CpuTimes.TicksPerSecond, SystemSeconds = Cgroup.Value(times, "system"u8) / CpuTimes.TicksPerSecond };
        }

        if (_throttling is not null) reading = reading with { ThrottledSeconds = Cgroup.Value(_throttling.Read(), "throttled_time"u8) / NanosecondsPerSecond };
        if (_memory is not null && TextFields.TryNumber(_memory.Read(), out var usage)) reading = reading with { MemoryUsage = usage };
        if (_memoryStat is not null) reading = reading with { InactiveFiles = Cgroup.Value(_memoryStat.Read(), "total_inactive_file"u8) };
        return reading with { CpuLimit = CpuLimit(), MemoryLimit = Least(_memoryLimits) };
    }

    /// <summary>The least limit of a group and those above it.</summary>
    internal static ulong? Least(KernelFile[] limits)
    {
        ulong? least = null;
        foreach (var file in limits)
        {
            if (Cgroup.Limit(file.Read()) is { } limit && !(limit >= least)) least = limit;
        }

        return least;
    }

    private double? CpuLimit()
    {
        double? least = null;
        foreach (var (quota, period) in _cpuLimits)
        {
            if (Cgroup.Processors(quota.Read(), period.Read()) is { } limit && !(limit >= least)) least = limit;
        }

        return least;
    }

    /// <summary>Controllers that are mounted together have one folder, and usually a link with each name; else the folder of both.</summary>
    private static CgroupFolder? Find(string root, string controller, string? path) =>
        CgroupFolder.Find(Path.Combine(root, controller), path) ?? (controller == "memory" ? null : CgroupFolder.Find(Path.Combine(root, "cpu,cpuacct"), path));
}
