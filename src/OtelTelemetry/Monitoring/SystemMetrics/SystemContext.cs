namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>What a collector of the system gets.</summary>
/// <param name="Instruments">Makes its metrics.</param>
/// <param name="Time">The clock.</param>
/// <param name="Interval">The interval of collectors that have none of their own.</param>
internal sealed record SystemContext(SystemInstruments Instruments, TimeProvider Time, TimeSpan Interval)
{
    /// <summary>Where the kernel shows processes and counters.</summary>
    public string Proc { get; init; } = "/proc";

    /// <summary>Where the kernel shows devices and control groups.</summary>
    public string Sys { get; init; } = "/sys";

    /// <summary>Whether a file of the kernel is there.</summary>
    public bool Has(string path) => File.Exists(Path.Combine(Proc, path));

    public KernelFile Open(string path) => new(Path.Combine(Proc, path));
}
