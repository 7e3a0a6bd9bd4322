namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Use and limits of a control group; null is what it does not tell, or does not limit. Immutable.</summary>
internal readonly record struct ContainerReading
{
    public double? UserSeconds { get; init; }

    public double? SystemSeconds { get; init; }

    public double? ThrottledSeconds { get; init; }

    public double? CpuLimit { get; init; }

    public ulong? MemoryUsage { get; init; }

    /// <summary>What the kernel holds of files that nobody has used for some time; it is part of the usage.</summary>
    public ulong? InactiveFiles { get; init; }

    public ulong? MemoryLimit { get; init; }

    /// <summary>What counts against the limit when memory becomes short.</summary>
    public ulong? WorkingSet => MemoryUsage is { } usage ? usage - Math.Min(usage, InactiveFiles ?? 0) : null;
}
