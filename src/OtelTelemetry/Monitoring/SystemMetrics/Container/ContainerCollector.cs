namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Use and limits of the control group: <c>container.cpu.time</c>, <c>.cpu.limit</c>, <c>.cpu.throttled.time</c>,
/// <c>.memory.usage</c>, <c>.memory.working_set</c>, <c>.memory.limit</c>. What is not told or not limited has no metric.</summary>
internal sealed class ContainerCollector : ISystemCollector
{
    private readonly SystemInstruments _instruments;
    private readonly ICgroupReader _reader;
    private (SystemCounterSeries User, SystemCounterSeries System)? _cpuTime;
    private SystemCounterSeries? _throttled;
    private SystemGaugeSeries? _cpuLimit;
    private SystemGaugeSeries? _memory;
    private SystemGaugeSeries? _workingSet;
    private SystemGaugeSeries? _memoryLimit;

    private ContainerCollector(SystemInstruments instruments, ICgroupReader reader)
    {
        _instruments = instruments;
        _reader = reader;
    }

    /// <summary>Null where there are no control groups.</summary>
    public static ContainerCollector? Create(SystemContext context)
    {
        if (!context.Has("self/cgroup")) return null;
        using var file = context.Open("self/cgroup");
        var paths = file.Read();
        var root = Path.Combine(context.Sys, "fs/cgroup");
        // With both versions mounted, the controller of memory tells which one counts.
        if (Cgroup.PathOf(paths, "memory"u8) is not null) return new ContainerCollector(context.Instruments, new CgroupV1Reader(root, paths));
        return CgroupFolder.Find(root, Cgroup.PathOf(paths, ""u8)) is { } folder ? new ContainerCollector(context.Instruments, new CgroupV2Reader(folder)) : null;
    }

    public void Collect()
    {
        var reading = _reader.Read();
        if (reading is { UserSeconds: { } user, SystemSeconds: { } system })
        {
            _cpuTime ??= MakeCpuTime();
            _cpuTime.Value.User.RaiseTo(user);
            _cpuTime.Value.System.RaiseTo(system);
        }

        if (reading.ThrottledSeconds is { } throttled)
        {
            _throttled ??= _instruments.Counter("container.cpu.throttled.time", "s", "Time for which the control group was held back by its limit of processors.").With();
            _throttled.RaiseTo(throttled);
        }

        Set(ref _cpuLimit, reading.CpuLimit, "container.cpu.limit", "{cpu}", "Processors that the control group may use.");
        Set(ref _memory, reading.MemoryUsage, "container.memory.usage", "By", "Memory that the control group uses.");
        Set(ref _workingSet, reading.WorkingSet, "container.memory.working_set", "By", "Memory that the control group uses, without files not used for some time.");
        Set(ref _memoryLimit, reading.MemoryLimit, "container.memory.limit", "By", "Memory that the control group may use.");
    }

    private (SystemCounterSeries User, SystemCounterSeries System) MakeCpuTime()
    {
        var time = _instruments.Counter("container.cpu.time", "s", "Time of processors that the control group took.", "cpu.mode");
        return (time.With("user"), time.With("system"));
    }

    private void Set(ref SystemGaugeSeries? series, double? value, string name, string unit, string help)
    {
        if (value is not { } there) return;
        series ??= _instruments.Gauge(name, unit, help, null).With();
        series.Set(there);
    }
}
