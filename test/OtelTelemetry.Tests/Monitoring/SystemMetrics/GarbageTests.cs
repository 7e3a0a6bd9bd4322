using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Monitoring.SystemMetrics;

namespace OtelTelemetry.Tests.Monitoring.SystemMetrics;

/// <summary>Whatever the kernel's files hold, reading them throws nothing and ends.</summary>
public class GarbageTests
{
    private static readonly string[] s_samples =
    [
        "cpu  3119830 7 292930 1415210 6845 1 16528 21134 50 3\n",
        "MemTotal: 49368192 kB\nMemFree: 3 kB\nCached: 99 kB\n",
        "/dev/sda1 /my\\040disk ext4 ro,relatime 0 0\n",
        " 254 0 vda 391616 32582 14949858 1142542 244233 173501 50833872 266088 0 178716 1451045\n",
        "  eth0: 458394511 17008 1 2 0 0 0 0 1826299 14565 3 4 0 0 0 0\n",
        "12 (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 21 0 99 4096000 250\n",
        "5:cpu,cpuacct:/docker/ab\n0::/x\n",
        "50000 100000\n",
        "user_usec 7\n18446744073709551615\n",
    ];

    [Test]
    public void Garbage_never_throws()
    {
        var bytes = ArbMap.Default.ArbFor<byte[]>();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(bytes, garbage => ReadAll(garbage)));
    }

    /// <summary>What is nearly right comes further than what is not right at all.</summary>
    [Test]
    public void A_damaged_sample_never_throws()
    {
        var damage = Gen.Choose(0, s_samples.Length - 1).SelectMany(sample =>
            Gen.Choose(0, s_samples[sample].Length - 1).SelectMany(position =>
                Gen.Elements('\0', ' ', '\n', '(', ')', ':', '\\', '-', '9', 'x', 'ä').SelectMany(letter =>
                    Gen.Choose(0, 3).Select(length => Damage(s_samples[sample], position, letter, length)))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(damage.ToArbitrary(), text => ReadAll(Encoding.UTF8.GetBytes(text))));
    }

    [Test]
    public void The_samples_are_read_by_their_readers() => Assert.That(s_samples.Sum(sample => Found(Encoding.UTF8.GetBytes(sample))), Is.GreaterThanOrEqualTo(s_samples.Length));

    private static string Damage(string text, int position, char letter, int length) =>
        text[..position] + new string(letter, length) + text[Math.Min(text.Length, position + 1)..];

    private static bool ReadAll(byte[] text) => Found(text) >= 0;

    /// <summary>How many things the readers found.</summary>
    private static int Found(byte[] text)
    {
        var found = CpuTimes.TryRead(text, out var times) ? 1 : 0;
        _ = CpuTimes.Share(default, times, 0);
        if (MemoryInfo.TryRead(text, out var memory)) found++;
        _ = memory.Used;
        ReadOnlySpan<byte> rest = text;
        while (MountLine.TryNext(ref rest, out var mount)) found += MountLine.Decode(mount.Path).Length > 0 ? 1 : 0;
        for (rest = text; DiskLine.TryNext(ref rest, out _);) found++;
        for (rest = text; NetworkLine.TryNext(ref rest, out _);) found++;
        if (ProcessStat.TryRead(text, out _)) found++;
        if (Cgroup.PathOf(text, "memory"u8) is not null || Cgroup.PathOf(text, ""u8) is not null) found++;
        if (Cgroup.Limit(text) is not null) found++;
        if (Cgroup.Processors(text) is not null) found++;
        if (Cgroup.Processors(text, text) is not null) found++;
        if (Cgroup.Value(text, "user_usec"u8) is not null) found++;
        return found;
    }
}
