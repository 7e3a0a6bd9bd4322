using System.Text;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>A line of <c>/proc/self/mounts</c>: what is mounted where, as the kernel writes it (blanks and backslashes as <c>\040</c>).</summary>
internal readonly ref struct MountLine
{
    // What no disk or memory of the user is behind: the kernel's own, and images that are always full.
    private static readonly string[] s_pseudo =
    [
        "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "iso9660", "mqueue",
        "nsfs", "proc", "pstore", "rootfs", "rpc_pipefs", "securityfs", "selinuxfs", "squashfs", "sysfs", "tracefs",
    ];

    private MountLine(ReadOnlySpan<byte> device, ReadOnlySpan<byte> path, ReadOnlySpan<byte> type, bool readOnly)
    {
        Device = device;
        Path = path;
        Type = type;
        IsReadOnly = readOnly;
    }

    public ReadOnlySpan<byte> Device { get; }

    public ReadOnlySpan<byte> Path { get; }

    public ReadOnlySpan<byte> Type { get; }

    public bool IsReadOnly { get; }

    /// <summary>Takes the next line off the text that is one.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> text, out MountLine mount)
    {
        while (TextFields.TryNextLine(ref text, out var line))
        {
            var fields = new TextFields(line);
            if (!fields.TryNext(out var device) || !fields.TryNext(out var path) || !fields.TryNext(out var type) || !fields.TryNext(out var options)) continue;
            mount = new MountLine(device, path, type, options.SequenceEqual("ro"u8) || options.StartsWith("ro,"u8));
            return true;
        }

        mount = default;
        return false;
    }

    /// <summary>Whether the type is one that stores nothing.</summary>
    public static bool IsPseudo(string type) => Array.IndexOf(s_pseudo, type) >= 0;

    /// <summary>A field as text, with what was written as <c>\ooo</c> put back.</summary>
    public static string Decode(ReadOnlySpan<byte> field)
    {
        if (!field.Contains((byte)'\\')) return Encoding.UTF8.GetString(field);
        var bytes = new byte[field.Length];
        var length = 0;
        for (var i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && Octal(field[i + 1], 3) is { } high && Octal(field[i + 2], 7) is { } middle && Octal(field[i + 3], 7) is { } low)
            {
                bytes[length++] = (byte)((high * 64) + (middle * 8) + low);
                i += 3;
            }
            else
            {
                bytes[length++] = field[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int? Octal(byte letter, int most) => letter >= '0' && letter <= '0' + most ? letter - '0' : null;
}
