namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>A line of <c>/proc/net/dev</c>: what an interface has received and sent since it is there.</summary>
internal readonly ref struct NetworkLine
{
    private NetworkLine(ReadOnlySpan<byte> name, scoped ReadOnlySpan<ulong> numbers)
    {
        Name = name;
        Received = new NetworkTraffic(numbers[0], numbers[1], numbers[2], numbers[3]);
        Sent = new NetworkTraffic(numbers[8], numbers[9], numbers[10], numbers[11]);
    }

    public ReadOnlySpan<byte> Name { get; }

    public NetworkTraffic Received { get; }

    public NetworkTraffic Sent { get; }

    /// <summary>Takes the next line off the text that is one.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> text, out NetworkLine network)
    {
        Span<ulong> numbers = stackalloc ulong[12];
        while (TextFields.TryNextLine(ref text, out var line))
        {
            // An alias has a colon in its name; the last one ends it. The first number may follow at once.
            var end = line.LastIndexOf((byte)':');
            if (end < 0) continue;
            var name = line[..end].Trim((byte)' ');
            if (name.IsEmpty || new TextFields(line[(end + 1)..]).ReadNumbers(numbers) < numbers.Length) continue;
            network = new NetworkLine(name, numbers);
            return true;
        }

        network = default;
        return false;
    }
}

/// <summary>One direction of an interface. Immutable.</summary>
internal readonly record struct NetworkTraffic(ulong Bytes, ulong Packets, ulong Errors, ulong Dropped);
