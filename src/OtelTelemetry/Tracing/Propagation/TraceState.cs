using System.Buffers;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>The header <c>tracestate</c> (W3C Trace Context, Level 1, section 3.3).</summary>
internal static class TraceState
{
    /// <summary>More list-members make the whole list invalid (section 3.3.1.1).</summary>
    internal const int MostMembers = 32;

    /// <summary>What is propagated at most (section 3.3.1.5).</summary>
    internal const int MostCharacters = 512;

    /// <summary>Members longer than this make room first (section 3.3.1.5).</summary>
    internal const int LargeMember = 128;

    /// <summary>Longer headers are not looked into: 32 members of the largest allowed size are not much longer.</summary>
    internal const int LongestRead = 16 * 1024;

    private static readonly SearchValues<char> s_keyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-*/");

    private static readonly SearchValues<char> s_valueCharacters = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Except(",=")]);

    /// <summary>The list in its shortest form, without white space and empty members, cut to what may be propagated; null when it is empty or
    /// malformed. A header that has this form already is returned as it is.</summary>
    /// <param name="header">The header, or several put together with commas.</param>
    /// <param name="problem">Why something is lost; null where nothing is.</param>
    public static string? Normalize(string? header, out string? problem)
    {
        problem = null;
        if (string.IsNullOrEmpty(header)) return null;
        problem = "malformed";
        if (header.Length > LongestRead) return null;
        Span<(int Start, int Length)> members = stackalloc (int, int)[MostMembers];
        var count = 0;
        var length = -1;
        var text = header.AsSpan();
        for (var start = 0; start <= text.Length;)
        {
            var end = text[start..].IndexOf(',') is >= 0 and var comma ? start + comma : text.Length;
            var member = Headers.Trim(text[start..end]);
            if (member.Length > 0)
            {
                var key = KeyLength(member);
                if (key < 0 || !IsValue(member[(key + 1)..])) return null;
                if (!Contains(text, members[..count], member[..(key + 1)]))
                {
                    if (count == MostMembers) return null;
                    var leading = text[start..end].IndexOf(member[0]);
                    members[count++] = (start + leading, member.Length);
                    length += member.Length + 1;
                }
            }

            start = end + 1;
        }

        problem = null;
        if (count == 0) return null;
        if (length == header.Length && length <= MostCharacters) return header;
        if (length > MostCharacters)
        {
            problem = "limit";
            Shorten(ref members, ref count, length);
        }

        Span<char> result = stackalloc char[MostCharacters];
        var written = 0;
        foreach (var (start, size) in members[..count])
        {
            if (written > 0) result[written++] = ',';
            text.Slice(start, size).CopyTo(result[written..]);
            written += size;
        }

        return written == 0 ? null : new string(result[..written]);
    }

    /// <summary>Whether a well-formed list has this member.</summary>
    public static bool Has(string? state, string member)
    {
        if (state is null || !state.Contains(member, StringComparison.Ordinal)) return false;
        foreach (var range in state.AsSpan().Split(','))
        {
            if (Headers.Trim(state.AsSpan(range)).SequenceEqual(member)) return true;
        }

        return false;
    }

    /// <summary>Takes whole members away: the large ones first, from the end.</summary>
    private static void Shorten(ref Span<(int Start, int Length)> members, ref int count, int length)
    {
        for (var large = true; length > MostCharacters; large = false)
        {
            for (var i = count - 1; i >= 0 && length > MostCharacters; i--)
            {
                if (large && members[i].Length <= LargeMember) continue;
                length -= members[i].Length + 1;
                members[(i + 1)..count].CopyTo(members[i..]);
                count--;
            }
        }
    }

    /// <summary>Whether a member with this key, given with its equals sign, is there already: the first, which is the latest, stays (section 3.3.1.3).</summary>
    private static bool Contains(ReadOnlySpan<char> text, ReadOnlySpan<(int Start, int Length)> members, ReadOnlySpan<char> key)
    {
        foreach (var (start, length) in members)
        {
            if (text.Slice(start, length).StartsWith(key)) return true;
        }

        return false;
    }

    /// <summary>The length of a member's well-formed key (section 3.3.1.3.1): a simple one, or <c>tenant@system</c>; -1 where it is none.</summary>
    private static int KeyLength(ReadOnlySpan<char> member)
    {
        var length = member.IndexOf('=');
        if (length < 1) return -1;
        var key = member[..length];
        var at = key.IndexOf('@');
        var isKey = at < 0
            ? IsKeyPart(key, 256, mayBeginWithDigit: false)
            : IsKeyPart(key[..at], 241, mayBeginWithDigit: true) && IsKeyPart(key[(at + 1)..], 14, mayBeginWithDigit: false);
        return isKey ? length : -1;
    }

    private static bool IsKeyPart(ReadOnlySpan<char> part, int longest, bool mayBeginWithDigit) =>
        part.Length > 0 && part.Length <= longest
        && (char.IsAsciiLetterLower(part[0]) || (mayBeginWithDigit && char.IsAsciiDigit(part[0])))
        && !part.ContainsAnyExcept(s_keyCharacters);

    /// <summary>1 to 256 printable characters without comma and equals sign, the last no space (section 3.3.1.3.2).</summary>
    private static bool IsValue(ReadOnlySpan<char> value) =>
        value.Length is > 0 and <= 256 && value[^1] != ' ' && !value.ContainsAnyExcept(s_valueCharacters);
}
