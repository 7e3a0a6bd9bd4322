using System.IO.Enumeration;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>This process: <c>process.cpu.time</c>, <c>.cpu.utilization</c>, <c>.memory.usage</c>, <c>.memory.virtual</c>, <c>.thread.count</c>,
/// <c>.unix.file_descriptor.count</c>, <c>.uptime</c>.</summary>
internal sealed class ProcessCollector : ISystemCollector
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _processStart;
    private readonly KernelFile? _stat;
    private readonly string? _files;
    private readonly SystemCounterSeries[] _cpuTimes;
    private readonly SystemGaugeSeries[] _cpuShares;
    private readonly SystemGaugeSeries _memory;
    private readonly SystemGaugeSeries _virtualMemory;
    private readonly SystemGaugeSeries _threads;
    private readonly SystemGaugeSeries? _openFiles;
    private readonly SystemGaugeSeries _uptime;
    private (long Timestamp, Environment.ProcessCpuUsage Cpu)? _before;

    private ProcessCollector(SystemContext context)
    {
        _time = context.Time;
        using (var process = System.Diagnostics.Process.GetCurrentProcess()) _processStart = process.StartTime.ToUniversalTime();
        _stat = context.Has("self/stat") ? context.Open("self/stat") : null;
        // One entry each in both. Those of the first are plain files; links, as in the second, .NET follows one by one.
        _files = Array.Find([Path.Combine(context.Proc, "self/fdinfo"), Path.Combine(context.Proc, "self/fd")], Directory.Exists);
        var instruments = context.Instruments;
        var time = instruments.Counter("process.cpu.time", "s", "Time of processors that the process took.", "cpu.mode");
        var share = instruments.Gauge("process.cpu.utilization", "1", "Part of the time of all its processors that the process took since the last collection.", null, "cpu.mode");
        _cpuTimes = [time.With("user"), time.With("system")];
        _cpuShares = [share.With("user"), share.With("system")];
        _memory = instruments.Gauge("process.memory.usage", "By", "Memory of the machine that the process has.", null).With();
        _virtualMemory = instruments.Gauge("process.memory.virtual", "By", "Address space of the process.", null).With();
        _threads = instruments.Gauge("process.thread.count", "{thread}", "Threads of the process.", null).With();
        _openFiles = _files is null ? null : instruments.Gauge("process.unix.file_descriptor.count", "{file_descriptor}", "Files and connections that the process has open.", null).With();
        _uptime = instruments.Gauge("process.uptime", "s", "Time since the process began.", null).With();
    }

    /// <summary>Null where .NET cannot look at its own process.</summary>
    public static ProcessCollector? Create(SystemContext context) =>
        OperatingSystem.IsBrowser() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() ? null : new ProcessCollector(context);

    public void Collect()
    {
        CollectCpu();
        CollectMemory();
        if (_files is not null) _openFiles!.Set(CountFiles(_files));
        _uptime.Set(Math.Max(0, (_time.GetUtcNow() - _processStart).TotalSeconds));
    }

    private void CollectCpu()
    {
        var now = _time.GetTimestamp();
        if (OperatingSystem.IsBrowser() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS()) return;
        var cpu = Environment.CpuUsage;
        _cpuTimes[0].RaiseTo(cpu.UserTime.TotalSeconds);
        _cpuTimes[1].RaiseTo(cpu.PrivilegedTime.TotalSeconds);
        if (_before is { } before && _time.GetElapsedTime(before.Timestamp, now) is { Ticks: > 0 } passed)
        {
            var all = passed * Environment.ProcessorCount;
            _cpuShares[0].Set(Math.Clamp((cpu.UserTime - before.Cpu.UserTime) / all, 0, 1));
            _cpuShares[1].Set(Math.Clamp((cpu.PrivilegedTime - before.Cpu.PrivilegedTime) / all, 0, 1));
        }

        _before = (now, cpu);
    }

    private void CollectMemory()
    {
        if (_stat is null)
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            _memory.Set(process.WorkingSet64);
            _virtualMemory.Set(process.VirtualMemorySize64);
            _threads.Set(process.Threads.Count);
            return;
        }

        if (!ProcessStat.TryRead(_stat.Read(), out var stat)) throw new InvalidDataException("/proc/self/stat does not tell of the process.");
        _memory.Set((double)stat.ResidentPages * Environment.SystemPageSize);
        _virtualMemory.Set(stat.VirtualBytes);
        _threads.Set(stat.Threads);
    }

    private static int CountFiles(string folder)
    {
        var count = 0;
        // No text is made of the names. The folder itself is open while it is read.
        foreach (var _ in new FileSystemEnumerable<byte>(folder, static (ref FileSystemEntry _) => 0)) count++;
        return Math.Max(0, count - 1);
    }
}
