using System.Text;
using OtelTelemetry.Monitoring.SystemMetrics;

namespace OtelTelemetry.Tests.Monitoring.SystemMetrics;

/// <summary>The kernel's files as they are, and as they should not be.</summary>
public class ParserTests
{
    [Test]
    public void Times_of_processors_are_those_of_all_together()
    {
        const string text = "cpu  3119830 7 292930 1415210 6845 1 16528 21134 50 3\ncpu0 1534368 0 141540 741016 1152 0 7299 10491 0 0\nintr 5\n";
        Assert.That(CpuTimes.TryRead(Bytes(text), out var times), Is.True);
        Assert.That(Enumerable.Range(0, CpuTimes.Modes.Length).Select(mode => times[mode]), Is.EqualTo(new ulong[] { 3119830, 7, 292930, 1415210, 6845, 16529, 21134 }));
        Assert.That(times.Total, Is.EqualTo(3119830 + 7 + 292930 + 1415210 + 6845 + 16529 + 21134));
    }

    [Test]
    public void A_kernel_of_old_has_four_times_only()
    {
        Assert.That(CpuTimes.TryRead("cpu 1 2 3 4\n"u8, out var times), Is.True);
        Assert.That((times[0], times[3], times[4], times.Total), Is.EqualTo((1UL, 4UL, 0UL, 10UL)));
    }

    [TestCase("")]
    [TestCase("cpu")]
    [TestCase("cpu 1 2 3")]
    [TestCase("cpu a b c d")]
    [TestCase("cpu0 1 2 3 4 5 6 7 8")]
    [TestCase("cpu -1 2 3 4 5 6 7 8")]
    [TestCase("cpu 99999999999999999999999 2 3 4")]
    public void What_has_no_times_is_no_reading(string text) => Assert.That(CpuTimes.TryRead(Bytes(text), out _), Is.False);

    [Test]
    public void A_share_is_that_of_the_time_between_two_readings()
    {
        Assert.That(CpuTimes.TryRead("cpu 100 0 50 850 0 0 0 0\n"u8, out var before), Is.True);
        Assert.That(CpuTimes.TryRead("cpu 150 0 60 890 0 0 0 0\n"u8, out var now), Is.True);
        Assert.That((CpuTimes.Share(before, now, 0), CpuTimes.Share(before, now, 2), CpuTimes.Share(before, now, 3)), Is.EqualTo((0.5, 0.1, 0.4)));
        Assert.That(CpuTimes.Share(before, before, 0), Is.NaN);
        Assert.That(CpuTimes.Share(now, before, 0), Is.NaN);
    }

    [Test]
    public void Memory_is_told_by_its_use()
    {
        const string text = """
            MemTotal:       49368192 kB
            MemFree:        30000000 kB
            MemAvailable:   40000000 kB
            Buffers:          100000 kB
            Cached:          9000000 kB
            SwapCached:            0 kB
            SReclaimable:     500000 kB
            SwapTotal:          2048 kB
            SwapFree:           1024 kB
            HugePages_Total:       0
            """;
        Assert.That(MemoryInfo.TryRead(Bytes(text), out var memory), Is.True);
        Assert.That(memory, Is.EqualTo(new MemoryInfo(Kilo(49368192), Kilo(30000000), Kilo(100000), Kilo(9500000), Kilo(40000000), Kilo(2048), Kilo(1024))));
        Assert.That(memory.Used, Is.EqualTo(Kilo(49368192 - 30000000 - 100000 - 9500000)));
    }

    [TestCase("")]
    [TestCase("MemTotal: 5 kB\n")]
    [TestCase("MemTotal: 0 kB\nMemFree: 0 kB\n")]
    [TestCase("MemTotal: 5 MB\nMemFree: 5 MB\n")]
    [TestCase("MemTotal: x kB\nMemFree: 5 kB\n")]
    public void What_has_no_size_is_no_memory(string text) => Assert.That(MemoryInfo.TryRead(Bytes(text), out _), Is.False);

    [Test]
    public void More_free_than_there_is_leaves_nothing_used() =>
        Assert.That(MemoryInfo.TryRead("MemTotal: 5 kB\nMemFree: 50 kB\n"u8, out var memory) ? memory.Used : 1, Is.Zero);

    [Test]
    public void The_runtime_tells_memory_everywhere()
    {
        var memory = MemoryInfo.FromRuntime();
        Assert.That(memory.Total, Is.GreaterThan(1UL << 20));
        Assert.That(memory.Used + memory.Free, Is.EqualTo(memory.Total));
    }

    [Test]
    public void Mounts_are_read_with_their_odd_names()
    {
        var text = "sysfs /sys sysfs rw 0 0\n\nbroken line\n/dev/sda1 /my\\040disk\\134x ext4 ro,relatime 0 0\n//nas/share /mnt/\\303\\244 cifs rw 0 0"u8;
        var found = new List<(string, string, string, bool)>();
        while (MountLine.TryNext(ref text, out var mount)) found.Add((MountLine.Decode(mount.Device), MountLine.Decode(mount.Path), MountLine.Decode(mount.Type), mount.IsReadOnly));
        Assert.That(found, Is.EqualTo(new[] { ("sysfs", "/sys", "sysfs", false), ("/dev/sda1", "/my disk\\x", "ext4", true), ("//nas/share", "/mnt/ä", "cifs", false) }));
        Assert.That((MountLine.IsPseudo("sysfs"), MountLine.IsPseudo("ext4"), MountLine.IsPseudo("overlay")), Is.EqualTo((true, false, false)));
    }

    [TestCase("a\\04", "a\\04")]
    [TestCase("\\", "\\")]
    [TestCase("\\999", "\\999")]
    [TestCase("\\0401", " 1")]
    public void Only_three_octal_digits_are_a_letter(string field, string text) => Assert.That(MountLine.Decode(Bytes(field)), Is.EqualTo(text));

    [Test]
    public void Disks_are_read_in_bytes()
    {
        var text = """
               7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
             254       0 vda 391616 32582 14949858 1142542 244233 173501 50833872 266088 0 178716 1451045 151711 155 28318896 36094 32036 6319
             254       1 vda1 1 2 3
               8       0 sda 1 2 3 4 5 6 7 8 9 10 11
            """u8;
        var found = new List<(string, ulong, ulong, ulong, ulong, ulong, ulong, ulong)>();
        while (DiskLine.TryNext(ref text, out var disk))
        {
            found.Add((Encoding.UTF8.GetString(disk.Name), disk.Reads, disk.ReadBytes, disk.ReadMilliseconds, disk.Writes, disk.WrittenBytes, disk.WriteMilliseconds, disk.BusyMilliseconds));
        }

        Assert.That(found, Is.EqualTo(new (string, ulong, ulong, ulong, ulong, ulong, ulong, ulong)[]
        {
            ("loop0", 0, 0, 0, 0, 0, 0, 0),
            ("vda", 391616, 14949858UL * 512, 1142542, 244233, 50833872UL * 512, 266088, 178716),
            ("sda", 1, 3 * 512, 4, 5, 7 * 512, 8, 10),
        }));
    }

    [Test]
    public void Interfaces_are_read_in_both_directions()
    {
        var text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo: 11315670800 12910946    0    0    0     0          0         0 11315670800 12910946    0    0    0     0       0          0
              eth0:458394511   17008    1    2    0     0          0         0  1826299   14565    3    4    0     0       0          0
            eth0:1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
              bad: 1 2 3
            """u8;
        var found = new List<(string, NetworkTraffic, NetworkTraffic)>();
        while (NetworkLine.TryNext(ref text, out var network)) found.Add((Encoding.UTF8.GetString(network.Name), network.Received, network.Sent));
        Assert.That(found, Is.EqualTo(new[]
        {
            ("lo", new NetworkTraffic(11315670800, 12910946, 0, 0), new NetworkTraffic(11315670800, 12910946, 0, 0)),
            ("eth0", new NetworkTraffic(458394511, 17008, 1, 2), new NetworkTraffic(1826299, 14565, 3, 4)),
            ("eth0:1", new NetworkTraffic(1, 2, 3, 4), new NetworkTraffic(9, 10, 11, 12)),
        }));
    }

    [Test]
    public void The_name_of_a_process_may_be_anything()
    {
        const string rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 21 0 99 4096000 250 18446744073709551615";
        Assert.That(ProcessStat.TryRead(Bytes($"12 (a) b (c d) {rest}"), out var stat), Is.True);
        Assert.That(stat, Is.EqualTo(new ProcessStat(21, 4096000, 250)));
        Assert.That(ProcessStat.TryRead("12 (dotnet) S 1 2"u8, out _), Is.False);
        Assert.That(ProcessStat.TryRead("12 dotnet S 1 2"u8, out _), Is.False);
    }

    [Test]
    public void The_path_of_a_control_group_is_found_in_both_versions()
    {
        var v1 = "5:cpu,cpuacct:/docker/ab:c\n4:memory:/docker/ab\n1:name=systemd:/\n0::/\n"u8;
        Assert.That((Cgroup.PathOf(v1, "cpuacct"u8), Cgroup.PathOf(v1, "memory"u8), Cgroup.PathOf(v1, "pids"u8), Cgroup.PathOf(v1, ""u8)), Is.EqualTo(("/docker/ab:c", "/docker/ab", (string?)null, "/")));
        Assert.That(Cgroup.PathOf("0::/system.slice/shop.service\n"u8, ""u8), Is.EqualTo("/system.slice/shop.service"));
        Assert.That(Cgroup.PathOf("nothing\n:\n"u8, ""u8), Is.Null);
    }

    [TestCase("max\n", null)]
    [TestCase("536870912\n", 536870912.0)]
    [TestCase("9223372036854771712\n", null)]
    [TestCase("-1", null)]
    [TestCase("", null)]
    [TestCase("1 2", null)]
    public void A_limit_is_a_number_or_none(string text, double? limit) => Assert.That((double?)Cgroup.Limit(Bytes(text)), Is.EqualTo(limit));

    [TestCase("50000 100000\n", 0.5)]
    [TestCase("max 100000\n", null)]
    [TestCase("50000 0", null)]
    [TestCase("50000", null)]
    public void Processors_are_a_quota_of_a_period(string text, double? processors) => Assert.That(Cgroup.Processors(Bytes(text)), Is.EqualTo(processors));

    [Test]
    public void In_version_1_the_quota_has_a_file_of_its_own()
    {
        Assert.That(Cgroup.Processors("150000\n"u8, "100000\n"u8), Is.EqualTo(1.5));
        Assert.That(Cgroup.Processors("-1\n"u8, "100000\n"u8), Is.Null);
        Assert.That(Cgroup.Processors("5\n"u8, "0\n"u8), Is.Null);
    }

    [Test]
    public void A_value_is_found_by_its_whole_name()
    {
        var text = "usage_usec 12\nuser_usec_x 1\nuser_usec 7\nbad\nthrottled_usec x\n"u8;
        Assert.That((Cgroup.Value(text, "user_usec"u8), Cgroup.Value(text, "user"u8), Cgroup.Value(text, "throttled_usec"u8)), Is.EqualTo(((ulong?)7, (ulong?)null, (ulong?)null)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static ulong Kilo(ulong kilobytes) => kilobytes * 1024;
}
