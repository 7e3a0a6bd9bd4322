namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>The space of each file system: <c>system.filesystem.usage</c>, <c>.utilization</c>, <c>.limit</c>.</summary>
internal sealed class FilesystemCollector : ISystemCollector
{
    private static readonly string[] s_labels = ["system.device", "system.filesystem.mountpoint", "system.filesystem.type", "system.filesystem.mode"];

    private readonly KernelFile? _mounts;
    private readonly DeviceTable<Mount> _table;
    private readonly SystemGauge _usage;
    private readonly SystemGauge _share;
    private readonly SystemGauge _limit;

    private FilesystemCollector(SystemContext context, DeviceCollectorOptions options)
    {
        _mounts = context.Has("self/mounts") ? context.Open("self/mounts") : null;
        // What was unmounted must not stay full for ever.
        var interval = options.Interval ?? context.Interval;
        var expiry = interval > TimeSpan.FromMinutes(2) ? 3 * interval : TimeSpan.FromMinutes(6);
        _usage = context.Instruments.Gauge("system.filesystem.usage", "By", "Space of a file system by what it is used for.", expiry, [.. s_labels, "system.filesystem.state"]);
        _share = context.Instruments.Gauge("system.filesystem.utilization", "1", "Used part of the space of a file system that programs can use.", expiry, s_labels);
        _limit = context.Instruments.Gauge("system.filesystem.limit", "By", "Size of a file system.", expiry, s_labels);
        // A mount point may be mounted over: what is seen there is what was mounted last, so each is one entry.
        _table = new DeviceTable<Mount>(options.Exclude, path => new Mount(path));
    }

    private sealed class Mount(string path)
    {
        private readonly DriveInfo _drive = new(path);
        private string _device = "";
        private string _type = "";
        private bool _readOnly;
        private SystemGaugeSeries[]? _series;

        public void Collect(FilesystemCollector collector, string device, string type, bool readOnly)
        {
            long total, free, available;
            try
            {
                total = _drive.TotalSize;
                free = _drive.TotalFreeSpace;
                available = _drive.AvailableFreeSpace;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return; // Unmounted just now, or not ours to see.
            }

            if (total <= 0) return;
            if (_series is null || device != _device || type != _type || readOnly != _readOnly) Bind(collector, device, type, readOnly);
            _series![0].Set(total - free);
            _series[1].Set(available);
            _series[2].Set(Math.Max(0, free - available));
            var usable = total - free + available;
            _series[3].Set(usable > 0 ? (double)(total - free) / usable : 0);
            _series[4].Set(total);
        }

        private void Bind(FilesystemCollector collector, string device, string type, bool readOnly)
        {
            (_device, _type, _readOnly) = (device, type, readOnly);
            var mode = readOnly ? "ro" : "rw";
            _series =
            [
                collector._usage.With(device, path, type, mode, "used"),
                collector._usage.With(device, path, type, mode, "free"),
                collector._usage.With(device, path, type, mode, "reserved"),
                collector._share.With(device, path, type, mode),
                collector._limit.With(device, path, type, mode),
            ];
        }
    }

    public static FilesystemCollector Create(SystemContext context, DeviceCollectorOptions options) => new(context, options);

    public void Collect()
    {
        if (_mounts is null) CollectDrives();
        else CollectMounts(_mounts.Read());
        _table.EndPass();
    }

    private void CollectMounts(ReadOnlySpan<byte> text)
    {
        while (MountLine.TryNext(ref text, out var mount))
        {
            var type = MountLine.Decode(mount.Type);
            if (MountLine.IsPseudo(type)) continue;
            _table.Find(MountLine.Decode(mount.Path))?.Collect(this, MountLine.Decode(mount.Device), type, mount.IsReadOnly);
        }
    }

    private void CollectDrives()
    {
        foreach (var drive in DriveInfo.GetDrives())
        {
            if (!drive.IsReady) continue;
            _table.Find(drive.Name)?.Collect(this, drive.Name, drive.DriveFormat, readOnly: drive.DriveType == DriveType.CDRom);
        }
    }
}
