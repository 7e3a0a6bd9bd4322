namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>What each disk reads and writes: <c>system.disk.io</c>, <c>.operations</c>, <c>.operation_time</c>, <c>.io_time</c>.
/// Partitions are left out: they are part of their disk.</summary>
internal sealed class DiskCollector : ISystemCollector
{
    private readonly KernelFile _diskstats;
    private readonly DeviceTable<SystemCounterSeries[]> _table;

    private DiskCollector(SystemContext context, DeviceCollectorOptions options)
    {
        _diskstats = context.Open("diskstats");
        var instruments = context.Instruments;
        var bytes = instruments.Counter("system.disk.io", "By", "Bytes read from and written to a disk.", "system.device", "disk.io.direction");
        var operations = instruments.Counter("system.disk.operations", "{operation}", "Reads and writes of a disk.", "system.device", "disk.io.direction");
        var times = instruments.Counter("system.disk.operation_time", "s", "Time that reads and writes of a disk took, each with its waiting.", "system.device", "disk.io.direction");
        var busy = instruments.Counter("system.disk.io_time", "s", "Time during which a disk had something to do.", "system.device");
        var blocks = Path.Combine(context.Sys, "block");
        var knowsDisks = Directory.Exists(blocks);
        _table = new DeviceTable<SystemCounterSeries[]>(options.Exclude, name =>
            knowsDisks && !Directory.Exists(Path.Combine(blocks, name.Replace('/', '!'))) ? null :
            [
                bytes.With(name, "read"), bytes.With(name, "write"),
                operations.With(name, "read"), operations.With(name, "write"),
                times.With(name, "read"), times.With(name, "write"),
                busy.With(name),
            ]);
    }

    /// <summary>Null where the kernel shows no disks.</summary>
    public static DiskCollector? Create(SystemContext context, DeviceCollectorOptions options) => context.Has("diskstats") ? new DiskCollector(context, options) : null;

    public void Collect()
    {
        var text = _diskstats.Read();
        while (DiskLine.TryNext(ref text, out var disk))
        {
            if (_table.Find(disk.Name) is not { } series) continue;
            series[0].RaiseTo(disk.ReadBytes);
            series[1].RaiseTo(disk.WrittenBytes);
            series[2].RaiseTo(disk.Reads);
            series[3].RaiseTo(disk.Writes);
            series[4].RaiseTo(disk.ReadMilliseconds / 1000.0);
            series[5].RaiseTo(disk.WriteMilliseconds / 1000.0);
            series[6].RaiseTo(disk.BusyMilliseconds / 1000.0);
        }

        _table.EndPass();
    }
}
