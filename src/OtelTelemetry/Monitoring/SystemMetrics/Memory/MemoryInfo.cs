namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>The memory of the machine in bytes. Immutable.</summary>
internal readonly record struct MemoryInfo(ulong Total, ulong Free, ulong Buffers, ulong Cached, ulong? Available, ulong SwapTotal, ulong SwapFree)
{
    /// <summary>What is neither free nor used to keep what is on disks.</summary>
    public ulong Used => Total > Free + Buffers + Cached ? Total - Free - Buffers - Cached : 0;

    /// <summary>Reads <c>/proc/meminfo</c>. Memory the kernel can take back from its own tables counts as cached.</summary>
    /// <returns>Whether the text has the size of the memory and what is free of it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out MemoryInfo memory)
    {
        ulong? total = null, free = null, available = null;
        ulong buffers = 0, cached = 0, reclaimable = 0, swapTotal = 0, swapFree = 0;
        while (TextFields.TryNextLine(ref text, out var line))
        {
            var fields = new TextFields(line);
            if (!fields.TryNext(out var name) || !fields.TryNextNumber(out var size)) continue;
            // Only sizes have a unit, which is always kB and means 1024 bytes.
            if (!fields.TryNext(out var unit) || !unit.SequenceEqual("kB"u8) || size > ulong.MaxValue / 4096) continue;
            size *= 1024;
            if (name.SequenceEqual("MemTotal:"u8)) total = size;
            else if (name.SequenceEqual("MemFree:"u8)) free = size;
            else if (name.SequenceEqual("MemAvailable:"u8)) available = size;
            else if (name.SequenceEqual("Buffers:"u8)) buffers = size;
            else if (name.SequenceEqual("Cached:"u8)) cached = size;
            else if (name.SequenceEqual("SReclaimable:"u8)) reclaimable = size;
            else if (name.SequenceEqual("SwapTotal:"u8)) swapTotal = size;
            else if (name.SequenceEqual("SwapFree:"u8)) swapFree = size;
        }

        memory = new MemoryInfo(total ?? 0, free ?? 0, buffers, cached + reclaimable, available, swapTotal, swapFree);
        return total is > 0 && free is not null;
    }

    /// <summary>What .NET tells on every system: the size, and what was in use at the last garbage collection.</summary>
    public static MemoryInfo FromRuntime()
    {
        var info = GC.GetGCMemoryInfo();
        var total = (ulong)Math.Max(0, info.TotalAvailableMemoryBytes);
        var used = Math.Min(total, (ulong)Math.Max(0, info.MemoryLoadBytes));
        return new MemoryInfo(total, total - used, 0, 0, total - used, 0, 0);
    }
}
