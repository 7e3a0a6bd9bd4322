namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>A line of <c>/proc/diskstats</c>: what a disk has done since the start of the machine.</summary>
internal readonly ref struct DiskLine
{
    /// <summary>The kernel counts in sectors of this size, whatever those of the disk are.</summary>
    public const int SectorBytes = 512;

    private DiskLine(ReadOnlySpan<byte> name, scoped ReadOnlySpan<ulong> numbers)
    {
        Name = name;
        (Reads, ReadBytes, ReadMilliseconds) = (numbers[0], numbers[2] * SectorBytes, numbers[3]);
        (Writes, WrittenBytes, WriteMilliseconds) = (numbers[4], numbers[6] * SectorBytes, numbers[7]);
        BusyMilliseconds = numbers[9];
    }

    public ReadOnlySpan<byte> Name { get; }

    public ulong Reads { get; }

    public ulong ReadBytes { get; }

    public ulong ReadMilliseconds { get; }

    public ulong Writes { get; }

    public ulong WrittenBytes { get; }

    public ulong WriteMilliseconds { get; }

    /// <summary>How long the disk had something to do.</summary>
    public ulong BusyMilliseconds { get; }

    /// <summary>Takes the next line off the text that is one.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> text, out DiskLine disk)
    {
        Span<ulong> numbers = stackalloc ulong[10];
        while (TextFields.TryNextLine(ref text, out var line))
        {
            var fields = new TextFields(line);
            if (!fields.TryNextNumber(out _) || !fields.TryNextNumber(out _) || !fields.TryNext(out var name)) continue;
            if (fields.ReadNumbers(numbers) < numbers.Length) continue;
            disk = new DiskLine(name, numbers);
            return true;
        }

        disk = default;
        return false;
    }
}
