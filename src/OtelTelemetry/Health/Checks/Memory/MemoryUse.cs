namespace OtelTelemetry.Health.Checks.Memory;

/// <summary>How much memory a process uses.</summary>
/// <param name="WorkingSet">Its working set, in bytes.</param>
/// <param name="Limit">What it may have, in bytes.</param>
internal readonly record struct MemoryUse(long WorkingSet, long Limit)
{
    public double UsedPercent => Limit <= 0 ? 0 : 100.0 * WorkingSet / Limit;

    public static MemoryUse OfProcess() => new(Environment.WorkingSet, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
