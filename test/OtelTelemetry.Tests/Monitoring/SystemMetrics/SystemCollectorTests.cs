using System.Text;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Monitoring.SystemMetrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Monitoring.SystemMetrics;

/// <summary>Collectors over files that look like the kernel's, and over the machine's own.</summary>
public class SystemCollectorTests : MetricsTestBase
{
    private TemporaryFolder _folder = null!;
    private SystemContext _context = null!;

    [SetUp]
    public void CreateContext()
    {
        _folder = new TemporaryFolder();
        _context = new SystemContext(new SystemInstruments(Metrics, _ => null), Clock, TimeSpan.FromSeconds(15)) { Proc = _folder.File("proc"), Sys = _folder.File("sys") };
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Processor_time_is_that_of_the_kernel_and_the_share_that_of_the_interval()
    {
        Write("proc/stat", "cpu 1000 0 500 8500 0 0 0 0\n");
        var cpu = CpuCollector.Create(_context)!;
        cpu.Collect();
        Assert.That(Value("system.cpu.time", "user"), Is.EqualTo(10));
        Write("proc/stat", "cpu 1150 0 510 8540 0 0 0 0\n");
        cpu.Collect();
        Assert.That((Value("system.cpu.time", "user"), Value("system.cpu.time", "idle")), Is.EqualTo((11.5, 85.4)));
        Assert.That((Value("system.cpu.utilization", "user"), Value("system.cpu.utilization", "idle")), Is.EqualTo((0.75, 0.2)));
    }

    [Test]
    public void A_time_that_goes_back_a_little_stands_still_and_counts_nothing_twice()
    {
        Write("proc/stat", "cpu 0 0 0 0 1000 0 0 0\n");
        var cpu = CpuCollector.Create(_context)!;
        cpu.Collect();
        Write("proc/stat", "cpu 0 0 0 0 990 0 0 0\n");
        cpu.Collect();
        Assert.That(Value("system.cpu.time", "iowait"), Is.EqualTo(10));
        Write("proc/stat", "cpu 0 0 0 0 1010 0 0 0\n");
        cpu.Collect();
        Assert.That(Value("system.cpu.time", "iowait"), Is.EqualTo(10.1).Within(1e-9));
    }

    [Test]
    public void A_file_that_tells_nothing_is_a_failure_of_the_run()
    {
        Write("proc/stat", "garbage");
        Write("proc/meminfo", "garbage");
        Assert.That(() => CpuCollector.Create(_context)!.Collect(), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => MemoryCollector.Create(_context).Collect(), Throws.InstanceOf<InvalidDataException>());
        File.Delete(_folder.File("proc/stat"));
        Assert.That(CpuCollector.Create(_context), Is.Null);
    }

    [Test]
    public void Network_counts_on_when_an_interface_comes_back_and_leaves_out_what_is_excluded()
    {
        const string head = "Inter-|\n face |\n";
        Write("proc/net/dev", head + "eth0: 1000 10 1 2 0 0 0 0 500 5 3 4 0 0 0 0\nveth12: 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7\n");
        var network = NetworkCollector.Create(_context, new SystemMetricsOptions().Network);
        network.Collect();
        Assert.That((Value("system.network.io", "eth0", "receive"), Value("system.network.io", "eth0", "transmit")), Is.EqualTo((1000.0, 500.0)));
        Assert.That((Value("system.network.packet.count", "eth0", "receive"), Value("system.network.errors", "eth0", "transmit"), Value("system.network.packet.dropped", "eth0", "receive")), Is.EqualTo((10.0, 3.0, 2.0)));
        Assert.That(Metrics.GetCounter("system.network.io").SeriesCount, Is.EqualTo(2));

        Write("proc/net/dev", head);
        network.Collect();
        Write("proc/net/dev", head + "eth0: 100 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n");
        network.Collect();
        // It was forgotten: what it says now is less than the counter, which waits until it is passed.
        Assert.That(Value("system.network.io", "eth0", "receive"), Is.EqualTo(1000));
        Write("proc/net/dev", head + "eth0: 1200 12 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n");
        network.Collect();
        Assert.That(Value("system.network.io", "eth0", "receive"), Is.EqualTo(1200));
    }

    [Test]
    public void A_counter_of_a_device_that_began_again_goes_on()
    {
        const string head = "Inter-|\n face |\n";
        Write("proc/net/dev", head + "eth0: 1000 10 0 0 0 0 0 0 500 5 0 0 0 0 0 0\n");
        var network = NetworkCollector.Create(_context, new SystemMetricsOptions().Network);
        network.Collect();
        Write("proc/net/dev", head + "eth0: 100 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0\n");
        network.Collect();
        Assert.That(Value("system.network.io", "eth0", "receive"), Is.EqualTo(1100));
    }

    [Test]
    public void Disks_are_whole_disks()
    {
        Directory.CreateDirectory(_folder.File("sys/block/sda"));
        Directory.CreateDirectory(_folder.File("sys/block/cciss!c0d0"));
        Directory.CreateDirectory(_folder.File("sys/block/loop0"));
        const string numbers = "1 2 3 4 5 6 7 8 9 10 11";
        Write("proc/diskstats", $"8 0 sda {numbers}\n8 1 sda1 {numbers}\n7 0 loop0 {numbers}\n104 0 cciss/c0d0 {numbers}\n");
        DiskCollector.Create(_context, new SystemMetricsOptions().Disk)!.Collect();
        Assert.That(Metrics.GetCounter("system.disk.io_time").SeriesCount, Is.EqualTo(2));
        Assert.That((Value("system.disk.io", "sda", "read"), Value("system.disk.io", "cciss/c0d0", "write")), Is.EqualTo((1536.0, 3584.0)));
        Assert.That((Value("system.disk.operations", "sda", "write"), Value("system.disk.operation_time", "sda", "read"), Value("system.disk.io_time", "sda")), Is.EqualTo((5.0, 0.004, 0.01)));
    }

    [Test]
    public void File_systems_are_those_that_are_mounted_and_disappear_when_they_are_not()
    {
        Write("proc/self/mounts", "proc /proc proc rw 0 0\n/dev/root / ext4 rw,relatime 0 0\n/dev/gone /no/such/mount ext4 rw 0 0\n");
        var files = FilesystemCollector.Create(_context, new SystemMetricsOptions().Filesystem);
        files.Collect();
        string[] root = ["/dev/root", "/", "ext4", "rw"];
        var limit = Metrics.GetGauge("system.filesystem.limit");
        Assert.That(limit.SeriesCount, Is.EqualTo(1));
        Assert.That(limit.Get(root), Is.EqualTo(new DriveInfo("/").TotalSize));
        var usage = Metrics.GetGauge("system.filesystem.usage");
        Assert.That(usage.Get([.. root, "used"]) + usage.Get([.. root, "free"]) + usage.Get([.. root, "reserved"]), Is.EqualTo(limit.Get(root)));

        Write("proc/self/mounts", "");
        files.Collect();
        Metrics.Collect("system.filesystem.limit"); // A sweep notes what there is.
        Clock.Advance(TimeSpan.FromMinutes(7));
        Assert.That(Metrics.Collect("system.filesystem.limit")!.Samples, Is.Empty);
    }

    [Test]
    public void Version_2_of_control_groups_tells_use_and_the_least_limit_above()
    {
        Write("proc/self/cgroup", "0::/kubepods/pod1/app\n");
        Write("sys/fs/cgroup/kubepods/pod1/app/cpu.stat", "usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\nthrottled_usec 500000\n");
        Write("sys/fs/cgroup/kubepods/pod1/app/cpu.max", "max 100000\n");
        Write("sys/fs/cgroup/kubepods/pod1/cpu.max", "150000 100000\n");
        Write("sys/fs/cgroup/kubepods/pod1/app/memory.current", "1000\n");
        Write("sys/fs/cgroup/kubepods/pod1/app/memory.stat", "anon 5\ninactive_file 300\n");
        Write("sys/fs/cgroup/kubepods/pod1/app/memory.max", "5000\n");
        Write("sys/fs/cgroup/kubepods/pod1/memory.max", "4000\n");
        ContainerCollector.Create(_context)!.Collect();
        Assert.That((Value("container.cpu.time", "user"), Value("container.cpu.time", "system"), Value("container.cpu.throttled.time")), Is.EqualTo((2.0, 1.0, 0.5)));
        Assert.That((Value("container.cpu.limit"), Value("container.memory.limit")), Is.EqualTo((1.5, 4000.0)));
        Assert.That((Value("container.memory.usage"), Value("container.memory.working_set")), Is.EqualTo((1000.0, 700.0)));
    }

    [Test]
    public void Version_1_of_control_groups_is_read_where_memory_is_there()
    {
        Write("proc/self/cgroup", "4:memory:/docker/ab\n3:cpuacct,cpu:/docker/ab\n0::/\n");
        // In the container only its own folder is there, as the root.
        Write("sys/fs/cgroup/memory/memory.usage_in_bytes", "2000\n");
        Write("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 500\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpuacct.stat", "user 300\nsystem 100\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.stat", "nr_periods 1\nthrottled_time 2500000000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
        ContainerCollector.Create(_context)!.Collect();
        Assert.That((Value("container.cpu.time", "user"), Value("container.cpu.time", "system"), Value("container.cpu.throttled.time")), Is.EqualTo((3.0, 1.0, 2.5)));
        Assert.That((Value("container.cpu.limit"), Value("container.memory.usage"), Value("container.memory.working_set")), Is.EqualTo((2.0, 2000.0, 1500.0)));
        Assert.That(Metrics.GetMetric("container.memory.limit"), Is.Null, "without a limit there is no metric");
    }

    [Test]
    public void Without_control_groups_there_is_no_container() => Assert.That(ContainerCollector.Create(_context), Is.Null);

    [Test]
    public void Where_the_kernel_shows_nothing_the_runtime_tells_what_it_can()
    {
        MemoryCollector.Create(_context).Collect();
        NetworkCollector.Create(_context, new SystemMetricsOptions().Network).Collect();
        FilesystemCollector.Create(_context, new SystemMetricsOptions().Filesystem).Collect();
        ProcessCollector.Create(_context)!.Collect();
        Assert.That(Value("system.memory.limit"), Is.GreaterThan(1 << 20));
        Assert.That(Metrics.GetCounter("system.network.io").SeriesCount, Is.GreaterThanOrEqualTo(2));
        Assert.That(Metrics.GetGauge("system.filesystem.limit").SeriesCount, Is.GreaterThanOrEqualTo(1));
        Assert.That((Value("process.memory.usage"), Value("process.thread.count")), Is.GreaterThan((1000.0, 1.0)));
        Assert.That(Metrics.GetMetric("process.unix.file_descriptor.count"), Is.Null);
    }

    [Test]
    public void The_process_is_this_one()
    {
        if (!OperatingSystem.IsLinux()) Assert.Pass("The files are those of Linux.");
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var collector = ProcessCollector.Create(_context with { Proc = "/proc" })!;
        using var opened = File.OpenRead("/dev/null");
        collector.Collect();
        var files = Value("process.unix.file_descriptor.count");
        Assert.That(files, Is.EqualTo(Directory.GetFileSystemEntries("/proc/self/fd").Length).Within(20));
        Assert.That(Value("process.memory.usage"), Is.EqualTo(process.WorkingSet64).Within(20).Percent);
        Assert.That(Value("process.memory.virtual"), Is.EqualTo(process.VirtualMemorySize64).Within(5).Percent);
        Assert.That(Value("process.thread.count"), Is.EqualTo(process.Threads.Count).Within(10));
        Assert.That(Value("process.cpu.time", "user"), Is.GreaterThan(0).And.LessThanOrEqualTo(Environment.CpuUsage.UserTime.TotalSeconds));
    }

    [Test]
    public void A_device_that_is_known_is_found_without_memory()
    {
        var table = new DeviceTable<string>([], name => name);
        table.Find("eth0"u8);
        table.EndPass();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            table.Find("eth0"u8);
            table.EndPass();
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100));
    }

    [Test]
    public void A_device_that_was_gone_is_made_again()
    {
        var made = new List<string>();
        var table = new DeviceTable<string>(["loop*"], name =>
        {
            made.Add(name);
            return name;
        });
        table.Find("sda"u8);
        table.Find("sdb"u8);
        Assert.That(table.Find("loop7"u8), Is.Null);
        table.EndPass();
        table.Find("sda"u8);
        table.EndPass();
        table.Find("sda"u8);
        table.Find("sdb"u8);
        table.EndPass();
        Assert.That(made, Is.EqualTo(new[] { "sda", "sdb", "sdb" }));
    }

    [Test]
    public void A_long_file_is_read_whole_and_again_from_its_beginning()
    {
        Directory.CreateDirectory(_folder.File("proc"));
        var text = string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i}\n"));
        Write("proc/long", text);
        using var file = _context.Open("long");
        Assert.That(Encoding.UTF8.GetString(file.Read()), Is.EqualTo(text));
        Write("proc/long", "short");
        Assert.That(Encoding.UTF8.GetString(file.Read()), Is.EqualTo("short"));
    }

    [Test]
    public async Task The_monitor_collects_all_that_is_on()
    {
        var options = new MonitoringOptions { Jitter = TimeSpan.Zero };
        options.System.Enabled = true;
        options.System.Network.Enabled = false;
        options.System.Filesystem.Interval = TimeSpan.FromMinutes(5);
        using var other = new MetricsCollector(new MetricsCollectorOptions { Namespace = "shop", Registry = Registry, TimeProvider = Clock });
        await using var monitor = new PerformanceMonitor(other, options, Clock);
        var names = monitor.Collectors.Select(collector => collector.Name).ToArray();
        Assert.That(names, Does.Contain("system.memory").And.Contain("process").And.Not.Contain("system.network"));
        Assert.That(monitor.Collectors.Single(collector => collector.Name == "system.filesystem").Interval, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(await monitor.CollectAsync(), Is.True, string.Join('\n', monitor.Collectors));
        Assert.That(Registry.Metrics.Select(metric => metric.Name), Does.Contain("system.memory.usage").And.Contain("process.uptime"));
        Assert.That(monitor.GetHistory("process.thread.count").Single().Value, Is.GreaterThan(0));
        await monitor.DisposeAsync();
        Assert.That(Registry.Metrics.Select(metric => metric.Name), Does.Not.Contain("system.memory.usage"));
    }

    [Test]
    public void Every_setting_of_the_system_has_a_collector() =>
        Assert.That(SystemCollectorRegistry.All.Select(entry => entry.Options), Has.Exactly(new SystemMetricsOptions().All.Count()).Items);

    [Test]
    public void Readings_are_there_for_collectors_of_ones_own()
    {
        using var readings = new SystemReadings();
        Assert.That(readings.GetMemoryUsage()["total"], Is.GreaterThan(readings.GetMemoryUsage()["free"]));
        Assert.That(readings.GetDiskUsage()["/"], Is.GreaterThan(0));
        Assert.That(readings.GetNetworkTraffic().Select(reading => reading.Direction).Distinct(), Is.EquivalentTo(new[] { "receive", "transmit" }));
        if (!OperatingSystem.IsLinux()) return;
        Assert.That(readings.GetCpuUsage().Values.Sum(), Is.EqualTo(100).Within(0.01));
        readings.Dispose();
        Assert.That(readings.GetMemoryUsage(), Does.ContainKey("cached"));
    }

    private double Value(string metric, params string[] labels) => Metrics.GetMetric(metric) switch
    {
        Counter counter => counter.Get(labels),
        Gauge gauge => gauge.Get(labels),
        _ => throw new AssertionException($"There is no metric '{metric}'."),
    };

    private void Write(string name, string text)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
