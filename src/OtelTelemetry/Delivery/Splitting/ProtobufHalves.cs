using OtelTelemetry.Delivery.Otlp;

namespace OtelTelemetry.Delivery.Splitting;

/// <summary>
/// Splits a protobuf message that holds items, at once or some messages below, without decoding it. What stands around the items is in both
/// parts, so that each part says of its items all that the whole said.
/// </summary>
internal static class ProtobufHalves
{
    private const int LengthDelimited = 2;

    /// <summary>Splits a message between two items, so that both parts are about as long.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">The numbers of the fields to follow, for each message on the way; the last ones are those of the items.</param>
    /// <returns>The parts, and how many items the first has; null when there are less than two items, or the message is damaged.</returns>
    public static (byte[] First, byte[] Second, int FirstItems)? Of(ReadOnlySpan<byte> message, int[][] path)
    {
        var lengths = new List<int>();
        if (!Measure(message, path, 0, lengths) || lengths.Count < 2) return null;
        var cut = CutOf(lengths);
        int position = 0, again = 0;
        return (Part(message, path, 0, ref position, 0, cut)!, Part(message, path, 0, ref again, cut, lengths.Count)!, cut);
    }

    /// <summary>How many items come before the middle; at least one, and not all.</summary>
    private static int CutOf(List<int> lengths)
    {
        var half = lengths.Sum(length => (long)length) / 2;
        var before = 0L;
        var cut = 0;
        while (cut < lengths.Count - 1 && (cut == 0 || before + (lengths[cut] / 2) < half)) before += lengths[cut++];
        return cut;
    }

    /// <returns>Whether the message makes sense to its end.</returns>
    private static bool Measure(ReadOnlySpan<byte> message, int[][] path, int level, List<int> lengths)
    {
        var reader = new ProtobufReader(message);
        while (reader.TryRead(out var field, out var bytes, out _))
        {
            if (!path[level].Contains(field)) continue;
            if (level == path.Length - 1) lengths.Add(bytes.Length);
            else if (!Measure(bytes, path, level + 1, lengths)) return false;
        }

        return reader.Rest.IsEmpty;
    }

    /// <summary>The message with some of its items only.</summary>
    /// <returns>The message, or null when none of them is in it.</returns>
    private static byte[]? Part(ReadOnlySpan<byte> message, int[][] path, int level, ref int position, int from, int to)
    {
        using var part = new MemoryStream();
        var holdsAny = false;
        var reader = new ProtobufReader(message);
        var rest = message;
        while (reader.TryRead(out var field, out var bytes, out _))
        {
            var whole = rest[..(rest.Length - reader.Rest.Length)];
            rest = reader.Rest;
            if (!path[level].Contains(field))
            {
                part.Write(whole);
            }
            else if (level == path.Length - 1)
            {
                if (position >= from && position < to)
                {
                    part.Write(whole);
                    holdsAny = true;
                }

                position++;
            }
            else if (Part(bytes, path, level + 1, ref position, from, to) is { } inner)
            {
                WriteVarint(part, (uint)((field << 3) | LengthDelimited));
                WriteVarint(part, (uint)inner.Length);
                part.Write(inner);
                holdsAny = true;
            }
        }

        return holdsAny ? part.ToArray() : null;
    }

    private static void WriteVarint(MemoryStream target, uint value)
    {
        for (; value >= 0x80; value >>= 7) target.WriteByte((byte)(value | 0x80));
        target.WriteByte((byte)value);
    }
}
