namespace OtelTelemetry.Tracing.Propagation;

/// <summary>The header <c>traceparent</c> (W3C Trace Context, sections 3.2 and 4.3).</summary>
internal static class TraceParent
{
    private const int Length = 55;

    // The bits this version of the specification knows: sampled, and Level 2's random trace id.
    private const int KnownFlags = 0x03;
    private const int Sampled = 0x01;

    /// <summary>The header in the form of version 00; null when it is malformed. A header that has this form already is returned as it is.</summary>
    public static string? Normalize(string? header)
    {
        if (header is null) return null;
        var text = Headers.Trim(header);
        if (text.Length < Length || text[2] != '-' || text[35] != '-' || text[52] != '-') return null;
        if (!TryHex(text[..2], out var version) || version == 0xff) return null;
        if (version == 0 ? text.Length > Length : text.Length > Length && text[Length] != '-') return null;
        if (!IsId(text[3..35]) || !IsId(text[36..52]) || !TryHex(text[53..55], out var flags)) return null;

        // Of a version that is not known, the sampled flag alone is.
        var kept = flags & (version == 0 ? KnownFlags : Sampled);
        if (version == 0 && kept == flags) return text.Length == header.Length ? header : text.ToString();
        return string.Create(null, stackalloc char[Length], $"00-{text[3..52]}-{kept:x2}");
    }

    /// <summary>Lower-case hexadecimal digits, not all of them zero.</summary>
    private static bool IsId(ReadOnlySpan<char> id) => !id.ContainsAnyExcept(LowerHex) && id.ContainsAnyExcept('0');

    private static bool TryHex(ReadOnlySpan<char> digits, out int value)
    {
        value = 0;
        if (digits.ContainsAnyExcept(LowerHex)) return false;
        value = (DigitOf(digits[0]) << 4) | DigitOf(digits[1]);
        return true;

        static int DigitOf(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
    }

    private static readonly System.Buffers.SearchValues<char> LowerHex = System.Buffers.SearchValues.Create("0123456789abcdef");
}
