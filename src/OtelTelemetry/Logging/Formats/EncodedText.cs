namespace OtelTelemetry.Logging.Formats;

/// <summary>A text that is JSON already, with all that may stand around it, so that it is written by one copy. Immutable.</summary>
internal readonly struct EncodedText
{
    private readonly byte[]? _member;

    private EncodedText(byte[] member) => _member = member;

    /// <summary>Whether there is none.</summary>
    public bool IsNone => _member is null;

    /// <summary>The text as a JSON string with its quotes.</summary>
    public ReadOnlySpan<byte> Value => _member.AsSpan(1, _member!.Length - 2);

    public static EncodedText Encode(string text)
    {
        var buffer = new LogBuffer(text.Length + 4);
        buffer.Write((byte)',');
        new LogJsonWriter(buffer).WriteStringValue(text);
        buffer.Write((byte)':');
        return new EncodedText(buffer.Written.ToArray());
    }

    /// <summary>The text as the name of a member of an object.</summary>
    /// <param name="behindAnother">Whether there is a member before it.</param>
    public ReadOnlySpan<byte> Name(bool behindAnother) => _member.AsSpan(behindAnother ? 0 : 1);
}
