namespace OtelTelemetry.Monitoring;

/// <summary>What is collected of the machine, the process and its container (section <c>Telemetry:Monitoring:System</c>). Not thread-safe.</summary>
public sealed class SystemMetricsOptions
{
    /// <summary>Whether any of it is collected. Default: false; <c>AddSystemMetrics()</c> sets it.</summary>
    public bool Enabled { get; set; }

    /// <summary>The time of the processors by what they did. Linux only. Default: on.</summary>
    public SystemCollectorOptions Cpu { get; } = new();

    /// <summary>The memory by what it is used for. Default: on.</summary>
    public SystemCollectorOptions Memory { get; } = new();

    /// <summary>The space of each mounted file system. Default: on, without those of the kernel and of containers. The names are mount points.</summary>
    public DeviceCollectorOptions Filesystem { get; } = new(
        "/dev", "/dev/*", "/proc/*", "/sys/*", "/run/credentials/*", "/snap/*", "/var/lib/docker/*", "/var/lib/containers/*", "/var/lib/kubelet/*");

    /// <summary>What is read from and written to each disk. Linux only. Default: on, without disks in memory and files used as disks.</summary>
    public DeviceCollectorOptions Disk { get; } = new("ram*", "zram*", "loop*", "fd*");

    /// <summary>What each network interface receives and sends. Default: on, without the ends of containers' connections.</summary>
    public DeviceCollectorOptions Network { get; } = new("veth*");

    /// <summary>Time, memory, threads and open files of this process. Default: on.</summary>
    public SystemCollectorOptions Process { get; } = new();

    /// <summary>Use and limits of the control group, in which a container is. Linux only. Default: on.</summary>
    public SystemCollectorOptions Container { get; } = new();

    internal IEnumerable<(string Name, SystemCollectorOptions Options)> All =>
    [
        (nameof(Cpu), Cpu), (nameof(Memory), Memory), (nameof(Filesystem), Filesystem), (nameof(Disk), Disk),
        (nameof(Network), Network), (nameof(Process), Process), (nameof(Container), Container),
    ];

    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var (name, options) in All)
        {
            foreach (var (property, problem, remedy) in options.Check()) yield return ($"{name}:{property}", problem, remedy);
        }
    }

    internal void Take(SystemMetricsOptions source)
    {
        Enabled = source.Enabled;
        foreach (var ((_, mine), (_, theirs)) in All.Zip(source.All)) mine.Take(theirs);
    }
}
