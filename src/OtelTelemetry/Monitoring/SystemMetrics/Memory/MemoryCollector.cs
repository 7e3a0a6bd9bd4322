namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>The memory of the machine: <c>system.memory.usage</c>, <c>.utilization</c>, <c>.limit</c>,
/// <c>system.linux.memory.available</c>, <c>system.paging.usage</c>.</summary>
internal sealed class MemoryCollector : ISystemCollector
{
    private static readonly string[] s_states = ["used", "free", "buffers", "cached"];

    private readonly KernelFile? _meminfo;
    private readonly SystemGaugeSeries[] _usage;
    private readonly SystemGaugeSeries[] _shares;
    private readonly SystemGaugeSeries _limit;
    private readonly SystemGaugeSeries? _available;
    private readonly SystemGaugeSeries[]? _swap;

    private MemoryCollector(SystemContext context)
    {
        _meminfo = context.Has("meminfo") ? context.Open("meminfo") : null;
        var instruments = context.Instruments;
        // Elsewhere only the first two are known.
        var states = _meminfo is null ? s_states.AsSpan(0, 2) : s_states;
        var usage = instruments.Gauge("system.memory.usage", "By", "Memory of the machine by what it is used for.", null, "system.memory.state");
        var share = instruments.Gauge("system.memory.utilization", "1", "Part of the memory of the machine by what it is used for.", null, "system.memory.state");
        _usage = new SystemGaugeSeries[states.Length];
        _shares = new SystemGaugeSeries[states.Length];
        for (var i = 0; i < states.Length; i++) (_usage[i], _shares[i]) = (usage.With(states[i]), share.With(states[i]));
        _limit = instruments.Gauge("system.memory.limit", "By", "Memory that the machine has.", null).With();
        if (_meminfo is null) return;
        _available = instruments.Gauge("system.linux.memory.available", "By", "Memory that programs can get without paging, as the kernel estimates it.", null).With();
        var paging = instruments.Gauge("system.paging.usage", "By", "Swap space by what it is used for.", null, "system.paging.state");
        _swap = [paging.With("used"), paging.With("free")];
    }

    public static MemoryCollector Create(SystemContext context) => new(context);

    public void Collect()
    {
        MemoryInfo memory;
        if (_meminfo is null) memory = MemoryInfo.FromRuntime();
        else if (!MemoryInfo.TryRead(_meminfo.Read(), out memory)) throw new InvalidDataException("/proc/meminfo does not tell the memory.");
        ReadOnlySpan<ulong> sizes = [memory.Used, memory.Free, memory.Buffers, memory.Cached];
        for (var i = 0; i < _usage.Length; i++)
        {
            _usage[i].Set(sizes[i]);
            if (memory.Total > 0) _shares[i].Set((double)sizes[i] / memory.Total);
        }

        _limit.Set(memory.Total);
        if (memory.Available is { } available) _available?.Set(available);
        if (_swap is null) return;
        _swap[0].Set(memory.SwapTotal > memory.SwapFree ? memory.SwapTotal - memory.SwapFree : 0);
        _swap[1].Set(memory.SwapFree);
    }
}
