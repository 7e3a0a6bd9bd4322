namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>What <c>/proc/self/stat</c> tells of the process. Immutable.</summary>
/// <param name="Threads">Its threads.</param>
/// <param name="VirtualBytes">Its address space.</param>
/// <param name="ResidentPages">Pages of it that are in memory.</param>
internal readonly record struct ProcessStat(ulong Threads, ulong VirtualBytes, ulong ResidentPages)
{
    /// <summary>Reads the file (proc(5): fields 20, 23 and 24).</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        stat = default;
        // The name of the program stands in parentheses and may hold anything, blanks and parentheses too.
        var end = text.LastIndexOf((byte)')');
        if (end < 0) return false;
        var fields = new TextFields(text[(end + 1)..]);
        for (var field = 3; field < 20; field++)
        {
            if (!fields.TryNext(out _)) return false;
        }

        if (!fields.TryNextNumber(out var threads) || !fields.TryNext(out _) || !fields.TryNext(out _)) return false;
        if (!fields.TryNextNumber(out var bytes) || !fields.TryNextNumber(out var pages)) return false;
        stat = new ProcessStat(threads, bytes, pages);
        return true;
    }
}
