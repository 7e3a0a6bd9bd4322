using System.Net.NetworkInformation;
using System.Text;
using OtelTelemetry.Monitoring.SystemMetrics;

namespace OtelTelemetry.Monitoring;

/// <summary>
/// Reads the machine once, for collectors of your own with names of your own; <c>AddSystemMetrics()</c> collects the same and more.
/// Linux tells all of it; elsewhere there is what .NET offers, and nothing of the processors. Thread-safe.
/// </summary>
public sealed class SystemReadings : IDisposable
{
    private readonly Lock _gate = new();
    private readonly KernelFile? _stat = Open("/proc/stat");
    private readonly KernelFile? _meminfo = Open("/proc/meminfo");
    private readonly KernelFile? _mounts = Open("/proc/self/mounts");
    private readonly KernelFile? _network = Open("/proc/net/dev");
    private CpuTimes _before;

    /// <summary>How much of the time of all processors was spent since the last call (first: since the start of the machine) on what, in
    /// percent: <c>user</c>, <c>nice</c>, <c>system</c>, <c>idle</c>, <c>iowait</c>, <c>interrupt</c>, <c>steal</c>. Empty where the system does
    /// not tell, and where no time has passed.</summary>
    /// <exception cref="IOException">The system cannot be read.</exception>
    public IReadOnlyDictionary<string, double> GetCpuUsage()
    {
        var usage = new Dictionary<string, double>(StringComparer.Ordinal);
        lock (_gate)
        {
            if (_stat is null || !CpuTimes.TryRead(_stat.Read(), out var now)) return usage;
            for (var mode = 0; mode < CpuTimes.Modes.Length; mode++)
            {
                if (CpuTimes.Share(_before, now, mode) is var share && !double.IsNaN(share)) usage[CpuTimes.Modes[mode]] = 100 * share;
            }

            _before = now;
        }

        return usage;
    }

    /// <summary>The memory of the machine in bytes by what it is used for: <c>total</c>, <c>used</c>, <c>free</c>, and on Linux <c>buffers</c>,
    /// <c>cached</c>, <c>available</c>.</summary>
    /// <exception cref="IOException">The system cannot be read.</exception>
    public IReadOnlyDictionary<string, double> GetMemoryUsage()
    {
        MemoryInfo memory;
        lock (_gate)
        {
            if (_meminfo is null || !MemoryInfo.TryRead(_meminfo.Read(), out memory)) memory = MemoryInfo.FromRuntime();
        }

        var usage = new Dictionary<string, double>(StringComparer.Ordinal) { ["total"] = memory.Total, ["used"] = memory.Used, ["free"] = memory.Free };
        if (_meminfo is null) return usage;
        usage["buffers"] = memory.Buffers;
        usage["cached"] = memory.Cached;
        if (memory.Available is { } available) usage["available"] = available;
        return usage;
    }

    /// <summary>The used bytes of each file system by its mount point, those of the kernel left out.</summary>
    /// <exception cref="IOException">The system cannot be read.</exception>
    public IReadOnlyDictionary<string, double> GetDiskUsage()
    {
        var usage = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var path in Paths())
        {
            try
            {
                var drive = new DriveInfo(path);
                if (drive.TotalSize is > 0 and var size) usage[path] = size - drive.TotalFreeSpace;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Unmounted just now, or not ours to see.
            }
        }

        return usage;
    }

    /// <summary>What each network interface has received and sent, in bytes since it is there.</summary>
    /// <exception cref="IOException">The system cannot be read.</exception>
    public IReadOnlyList<NetworkReading> GetNetworkTraffic()
    {
        var readings = new List<NetworkReading>();
        if (_network is null)
        {
            foreach (var network in NetworkInterface.GetAllNetworkInterfaces())
            {
                var (received, sent) = NetworkCollector.Read(network.GetIPStatistics());
                Add(readings, network.Name, received, sent);
            }

            return readings;
        }

        lock (_gate)
        {
            var text = _network.Read();
            while (NetworkLine.TryNext(ref text, out var line)) Add(readings, Encoding.UTF8.GetString(line.Name), line.Received, line.Sent);
        }

        return readings;
    }

    /// <summary>Closes the files of the kernel that are kept open. A later reading opens them again.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stat?.Dispose();
            _meminfo?.Dispose();
            _mounts?.Dispose();
            _network?.Dispose();
        }
    }

    private static KernelFile? Open(string path) => File.Exists(path) ? new KernelFile(path) : null;

    private static void Add(List<NetworkReading> readings, string name, in NetworkTraffic received, in NetworkTraffic sent)
    {
        readings.Add(new NetworkReading(name, "receive", received.Bytes));
        readings.Add(new NetworkReading(name, "transmit", sent.Bytes));
    }

    private string[] Paths()
    {
        if (_mounts is null) return [.. DriveInfo.GetDrives().Where(drive => drive.IsReady).Select(drive => drive.Name)];
        var paths = new HashSet<string>(StringComparer.Ordinal);
        lock (_gate)
        {
            var text = _mounts.Read();
            while (MountLine.TryNext(ref text, out var mount))
            {
                if (!MountLine.IsPseudo(MountLine.Decode(mount.Type))) paths.Add(MountLine.Decode(mount.Path));
            }
        }

        return [.. paths];
    }
}
