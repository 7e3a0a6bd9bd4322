using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>
/// W3C Baggage: header <c>baggage</c>; <c>Correlation-Context</c>, its name in older .NET, is read where there is no other. What is beyond
/// the specification's limits is left out, member by member. Properties of members are read over: activities have no place for them.
/// </summary>
internal sealed class BaggageFormat : ContextFormat
{
    /// <summary>The most characters of the header (section 3.3.2, "Limits").</summary>
    internal const int MostCharacters = 8192;

    /// <summary>The most members of the header.</summary>
    internal const int MostMembers = 180;

    private const string Header = "baggage";
    private const string OldHeader = "Correlation-Context";

    private static readonly SearchValues<char> s_tokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> s_printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public override string Name => "baggage";

    public override IReadOnlyList<string> Fields { get; } = [Header];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        var items = activity.Baggage;
        if (items.TryGetNonEnumeratedCount(out var count) && count == 0) return;
        char[]? buffer = null;
        var length = 0;
        var members = 0;
        foreach (var (name, value) in items)
        {
            // The nearest span's item hides those of the spans above.
            if (!ReferenceEquals(activity.GetBaggageItem(name), value)) continue;
            if (!IsToken(name))
            {
                CountLoss("malformed");
                continue;
            }

            buffer ??= ArrayPool<char>.Shared.Rent(MostCharacters);
            if (members == MostMembers || !TryWrite(buffer.AsSpan(0, MostCharacters), ref length, name, value))
            {
                CountLoss("limit");
                break;
            }

            members++;
        }

        if (buffer is null) return;
        if (length > 0) setter(carrier, Header, new string(buffer, 0, length));
        ArrayPool<char>.Shared.Return(buffer);
    }

    public override IReadOnlyList<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter)
    {
        if ((Headers.Combined(carrier, getter, Header, MostCharacters) ?? Headers.Combined(carrier, getter, OldHeader, MostCharacters)) is not { } header) return null;
        var items = new List<KeyValuePair<string, string?>>();
        var members = 0;
        for (var start = 0; start < header.Length;)
        {
            var end = header.IndexOf(',', start) is >= 0 and var comma ? comma : header.Length;
            if (end > MostCharacters || members == MostMembers)
            {
                CountLoss("limit");
                break;
            }

            var member = Headers.Trim(header.AsSpan(start, end - start));
            start = end + 1;
            if (member.IsEmpty) continue;
            members++;
            if (TryParse(member, out var name, out var value)) Put(items, name, value);
            else CountLoss("malformed");
        }

        if (items.Count == 0) return null;
        items.Reverse();
        return items;
    }

    /// <summary>A name that comes twice has the value that came last.</summary>
    private static void Put(List<KeyValuePair<string, string?>> items, string name, string value)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Key != name) continue;
            items[i] = new(name, value);
            return;
        }

        items.Add(new(name, value));
    }

    private static bool TryParse(ReadOnlySpan<char> member, out string name, out string value)
    {
        name = value = "";
        var equals = member.IndexOf('=');
        if (equals < 1) return false;
        var key = Headers.Trim(member[..equals]);
        var rest = member[(equals + 1)..];
        var text = Headers.Trim(rest.IndexOf(';') is >= 0 and var semicolon ? rest[..semicolon] : rest);
        if (!IsToken(key) || text.ContainsAnyExcept(s_printable)) return false;
        name = key.ToString();
        value = Decode(text);
        return true;
    }

    private static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(s_tokenCharacters);

    /// <summary>Percent-encoded bytes are UTF-8; what is none of that becomes U+FFFD, as the specification has it. A percent sign without two digits stands for itself.</summary>
    private static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.Contains('%')) return text.ToString();
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = (byte)((DigitOf(text[i + 1]) << 4) | DigitOf(text[i + 2]));
                i += 2;
            }
            else
            {
                bytes[count++] = (byte)text[i];
            }
        }

        var decoded = Encoding.UTF8.GetString(bytes, 0, count);
        ArrayPool<byte>.Shared.Return(bytes);
        return decoded;

        static int DigitOf(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
    }

    /// <summary>Writes a whole member or nothing.</summary>
    private static bool TryWrite(Span<char> buffer, ref int length, string name, string? value)
    {
        var at = length;
        if (at + name.Length + 2 > buffer.Length) return false;
        if (at > 0) buffer[at++] = ',';
        name.CopyTo(buffer[at..]);
        at += name.Length;
        buffer[at++] = '=';
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in (value ?? "").EnumerateRunes())
        {
            if (IsPlain(rune.Value))
            {
                if (at + 1 > buffer.Length) return false;
                buffer[at++] = (char)rune.Value;
                continue;
            }

            foreach (var b in utf8[..rune.EncodeToUtf8(utf8)])
            {
                if (at + 3 > buffer.Length) return false;
                buffer[at++] = '%';
                buffer[at++] = "0123456789ABCDEF"[b >> 4];
                buffer[at++] = "0123456789ABCDEF"[b & 15];
            }
        }

        length = at;
        return true;
    }

    /// <summary>The octets a value may have as they are, without the percent sign (section 3.3.1, "baggage-octet").</summary>
    private static bool IsPlain(int character) => character is 0x21 or (>= 0x23 and <= 0x2B and not '%') or (>= 0x2D and <= 0x3A) or (>= 0x3C and <= 0x5B) or (>= 0x5D and <= 0x7E);
}
