namespace OtelTelemetry.Delivery;

/// <summary>What the formats have in common in which things wait that are not requests over HTTP.</summary>
internal static class WaitingBytes
{
    /// <summary>Begins to read.</summary>
    /// <param name="bytes">The bytes; the first says in which layout they are.</param>
    /// <param name="layout">The one that is known.</param>
    /// <exception cref="InvalidDataException">They are in another one.</exception>
    public static BinaryReader Read(ReadOnlyMemory<byte> bytes, byte layout)
    {
        if (bytes.IsEmpty || bytes.Span[0] != layout) throw new InvalidDataException("It was kept by another version of this library, in a form that this one does not know.");
        return new BinaryReader(new MemoryStream(bytes[1..].ToArray()));
    }

    /// <summary>A length, which cannot be more than there are bytes.</summary>
    public static int ReadCount(this BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        if (count < 0 || count > reader.BaseStream.Length) throw new InvalidDataException($"There cannot be {count} of something in {reader.BaseStream.Length} bytes.");
        return count;
    }

    public static void WriteText(this BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null) writer.Write(text);
    }

    public static string? ReadText(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    public static bool IsDamage(Exception exception) => exception is IOException or FormatException or ArgumentException or OverflowException;

    public static InvalidDataException Damaged(Exception cause) => new($"What was kept is damaged: {cause.Message}", cause);
}
