using System.Text;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Reads the files of control groups (Linux kernel documentation, "cgroup-v1" and "Control Group v2"). Pure; nothing throws, whatever the text is.</summary>
internal static class Cgroup
{
    /// <summary>In v1 no limit is the largest number of pages; nothing real comes near this.</summary>
    private const ulong NoLimit = 1UL << 60;

    /// <summary>The path of the process in the hierarchy of a controller, from <c>/proc/self/cgroup</c>.</summary>
    /// <param name="text">The file.</param>
    /// <param name="controller">The controller; empty for the one hierarchy of v2.</param>
    public static string? PathOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> controller)
    {
        while (TextFields.TryNextLine(ref text, out var line))
        {
            // 4:memory:/docker/0123, 5:cpu,cpuacct:/docker/0123, 0::/system.slice/shop.service
            var first = line.IndexOf((byte)':');
            if (first < 0) continue;
            var rest = line[(first + 1)..];
            var second = rest.IndexOf((byte)':');
            if (second < 0 || !Has(rest[..second], controller)) continue;
            return Encoding.UTF8.GetString(rest[(second + 1)..]);
        }

        return null;
    }

    /// <summary>A limit: a number of bytes, or none.</summary>
    public static ulong? Limit(ReadOnlySpan<byte> text) => TextFields.TryNumber(text, out var limit) && limit < NoLimit ? limit : null;

    /// <summary>The processors of <c>cpu.max</c> (v2): a quota and a period, or <c>max</c> and a period.</summary>
    public static double? Processors(ReadOnlySpan<byte> text)
    {
        var fields = new TextFields(text);
        return fields.TryNextNumber(out var quota) && fields.TryNextNumber(out var period) && period > 0 ? (double)quota / period : null;
    }

    /// <summary>The processors of <c>cpu.cfs_quota_us</c>, which is -1 for no limit, and <c>cpu.cfs_period_us</c> (v1).</summary>
    public static double? Processors(ReadOnlySpan<byte> quotaText, ReadOnlySpan<byte> periodText) =>
        TextFields.TryNumber(quotaText, out var quota) && TextFields.TryNumber(periodText, out var period) && period > 0 ? (double)quota / period : null;

    /// <summary>A number by its name in a file of names and numbers, such as <c>cpu.stat</c>.</summary>
    public static ulong? Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        while (TextFields.TryNextLine(ref text, out var line))
        {
            var fields = new TextFields(line);
            if (fields.TryNext(out var found) && found.SequenceEqual(name) && fields.TryNextNumber(out var number)) return number;
        }

        return null;
    }

    private static bool Has(ReadOnlySpan<byte> controllers, ReadOnlySpan<byte> controller)
    {
        if (controller.IsEmpty) return controllers.IsEmpty;
        foreach (var range in controllers.Split((byte)','))
        {
            if (controllers[range].SequenceEqual(controller)) return true;
        }

        return false;
    }
}
