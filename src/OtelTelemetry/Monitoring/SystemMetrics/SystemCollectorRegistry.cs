namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>All collectors of the system: the place to add the next one.</summary>
internal static class SystemCollectorRegistry
{
    public static IReadOnlyList<Entry> All { get; } =
    [
        new("system.cpu", options => options.Cpu, (context, _) => CpuCollector.Create(context)),
        new("system.memory", options => options.Memory, (context, _) => MemoryCollector.Create(context)),
        new("system.filesystem", options => options.Filesystem, (context, options) => FilesystemCollector.Create(context, options.Filesystem)),
        new("system.disk", options => options.Disk, (context, options) => DiskCollector.Create(context, options.Disk)),
        new("system.network", options => options.Network, (context, options) => NetworkCollector.Create(context, options.Network)),
        new("process", options => options.Process, (context, _) => ProcessCollector.Create(context)),
        new("container", options => options.Container, (context, _) => ContainerCollector.Create(context)),
    ];

    /// <param name="Name">The collector's name in the monitor.</param>
    /// <param name="Options">Its settings.</param>
    /// <param name="Create">Makes it; null where this system does not have what it reads.</param>
    internal sealed record Entry(string Name, Func<SystemMetricsOptions, SystemCollectorOptions> Options, Func<SystemContext, SystemMetricsOptions, ISystemCollector?> Create);
}
