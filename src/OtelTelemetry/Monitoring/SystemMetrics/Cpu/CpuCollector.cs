namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>The time of the processors: <c>system.cpu.time</c>, <c>system.cpu.utilization</c>, <c>system.cpu.logical.count</c>.</summary>
internal sealed class CpuCollector : ISystemCollector
{
    private readonly KernelFile _stat;
    private readonly SystemCounterSeries[] _times;
    private readonly SystemGaugeSeries[] _shares;
    private readonly SystemGaugeSeries _count;
    private CpuTimes? _before;

    private CpuCollector(SystemContext context)
    {
        _stat = context.Open("stat");
        var time = context.Instruments.Counter("system.cpu.time", "s", "Time of all processors by what they did.", "cpu.mode");
        var share = context.Instruments.Gauge("system.cpu.utilization", "1", "Part of the time of all processors since the last collection, by what they did.", null, "cpu.mode");
        _times = [.. CpuTimes.Modes.Select(mode => time.With(mode))];
        _shares = [.. CpuTimes.Modes.Select(mode => share.With(mode))];
        _count = context.Instruments.Gauge("system.cpu.logical.count", "{cpu}", "Processors that the process can use.", null).With();
    }

    /// <summary>Null where the kernel shows no such times.</summary>
    public static CpuCollector? Create(SystemContext context) => context.Has("stat") ? new CpuCollector(context) : null;

    public void Collect()
    {
        if (!CpuTimes.TryRead(_stat.Read(), out var now)) throw new InvalidDataException("/proc/stat has no times of the processors.");
        for (var mode = 0; mode < _times.Length; mode++)
        {
            _times[mode].RaiseTo(now[mode] / CpuTimes.TicksPerSecond);
            if (_before is { } before && CpuTimes.Share(before, now, mode) is var share && !double.IsNaN(share)) _shares[mode].Set(share);
        }

        _count.Set(Environment.ProcessorCount);
        _before = now;
    }
}
