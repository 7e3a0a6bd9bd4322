namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>Repairs the end of a file whose writer was killed in the middle of a line, so that the next line is not glued to it.</summary>
internal static class LineEnd
{
    /// <summary>Whether the last byte ends a line; so does an empty file.</summary>
    public static bool IsWhole(Microsoft.Win32.SafeHandles.SafeFileHandle file, long length)
    {
        Span<byte> last = stackalloc byte[1];
        return length == 0 || RandomAccess.Read(file, last, length - 1) == 0 || last[0] == (byte)'\n';
    }

    /// <summary>Where the last line begins that has no end.</summary>
    public static long StartOfLast(Microsoft.Win32.SafeHandles.SafeFileHandle file, long length)
    {
        Span<byte> block = stackalloc byte[4096];
        var end = length;
        while (end > 0)
        {
            var start = Math.Max(0, end - block.Length);
            var read = RandomAccess.Read(file, block[..(int)(end - start)], start);
            var index = block[..read].LastIndexOf((byte)'\n');
            if (index >= 0) return start + index + 1;
            end = start;
        }

        return 0;
    }

    /// <summary>Cuts a line without an end off, or ends it.</summary>
    /// <param name="path">The file, which nobody writes.</param>
    /// <param name="cut">Whether a part of a line is worth nothing, as in JSON.</param>
    public static void Repair(string path, bool cut)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (IsWhole(file, length)) return;
        if (cut) RandomAccess.SetLength(file, StartOfLast(file, length));
        else RandomAccess.Write(file, "\n"u8, length);
    }
}
