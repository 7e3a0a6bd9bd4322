using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Logging.Formats;

/// <summary>
/// Writes JSON (RFC 8259) in one line. It trusts its callers with the order of names and values, and is several times faster than the general
/// writer of .NET for short lines: what needs no escape, which is nearly everything, is copied at once. Control characters and line separators of all kinds are escaped, so that no
/// reader sees a line end in a line. Not thread-safe.
/// </summary>
internal sealed class LogJsonWriter(LogBuffer output)
{
    /// <summary>A number takes at most this much.</summary>
    private const int MostOfNumber = 64;

    /// <summary>Up to here a loop is done before the vectorised methods have begun.</summary>
    private const int LongestByHand = 16;

    // Of ASCII, what a string may not hold as it is.
    private static readonly SearchValues<char> s_escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Append('"').Append('\\').Append(127).Select(code => (char)code)]);

    private readonly byte[] _second = new byte[19];
    private EncodedNames? _names;
    private long _secondOf = -1;
    private bool _needsComma;

    public void Reset() => _needsComma = false;

    public void WriteStartObject() => Open((byte)'{');

    public void WriteStartObject(EncodedText name)
    {
        WritePropertyName(name);
        Open((byte)'{');
    }

    public void WriteEndObject() => Close((byte)'}');

    public void WriteStartArray() => Open((byte)'[');

    public void WriteStartArray(EncodedText name)
    {
        WritePropertyName(name);
        Open((byte)'[');
    }

    public void WriteEndArray() => Close((byte)']');

    public void WritePropertyName(EncodedText name)
    {
        output.Write(name.Name(_needsComma));
        _needsComma = false;
    }

    public void WritePropertyName(string name)
    {
        var json = Known(name);
        if (!json.IsNone)
        {
            WritePropertyName(json);
            return;
        }

        WriteStringValue(name);
        output.Write((byte)':');
        _needsComma = false;
    }

    public void WriteString(EncodedText name, ReadOnlySpan<char> value)
    {
        WritePropertyName(name);
        WriteStringValue(value);
    }

    public void WriteString(string name, ReadOnlySpan<char> value)
    {
        WritePropertyName(name);
        WriteStringValue(value);
    }

    /// <summary>Writes a text that is encoded already.</summary>
    public void WriteString(EncodedText name, EncodedText value)
    {
        WritePropertyName(name);
        output.Write(value.Value);
        _needsComma = true;
    }

    /// <summary>Writes a time as ISO 8601 with seven digits of the second; UTC ends with Z.</summary>
    public void WriteString(EncodedText name, DateTime value)
    {
        WritePropertyName(name);
        if (value.Kind == DateTimeKind.Utc) WriteUtc(value);
        else WriteStringValue(value);
    }

    public void WriteNumber(EncodedText name, long value)
    {
        WritePropertyName(name);
        WriteNumberValue(value);
    }

    public void WriteStringValue(ReadOnlySpan<char> value)
    {
        var span = output.GetSpan(value.Length + 3);
        var at = 0;
        if (_needsComma) span[at++] = (byte)',';
        span[at++] = (byte)'"';
        _needsComma = true;
        if (TryCopyPlain(value, span[at..]))
        {
            at += value.Length;
            span[at++] = (byte)'"';
            output.Advance(at);
            return;
        }

        output.Advance(at);
        WriteEscaped(value);
        output.Write((byte)'"');
    }

    /// <summary>Writes a text that is the same object again and again, such as a category.</summary>
    public void WriteName(EncodedText name, string value)
    {
        WritePropertyName(name);
        var json = Known(value);
        if (json.IsNone) WriteStringValue(value);
        else WriteRawValue(json.Value);
    }

    public void WriteStringValue(DateTime value)
    {
        var span = Start(MostOfNumber);
        Quoted(span, Utf8Formatter.TryFormat(value, span[1..], out var written, 'O'), written);
    }

    public void WriteStringValue(DateTimeOffset value)
    {
        var span = Start(MostOfNumber);
        Quoted(span, Utf8Formatter.TryFormat(value, span[1..], out var written, 'O'), written);
    }

    public void WriteStringValue(Guid value)
    {
        var span = Start(MostOfNumber);
        Quoted(span, Utf8Formatter.TryFormat(value, span[1..], out var written), written);
    }

    /// <summary>Writes a number; of the floating ones only those that are finite.</summary>
    public void WriteNumberValue<T>(T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(Start(MostOfNumber), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
        _needsComma = true;
    }

    /// <summary>Writes a whole number.</summary>
    public void WriteNumberValue(long value) => Wrote(NumberText.Write(value, Start(MostOfNumber)));

    /// <summary>Writes a finite number.</summary>
    public void WriteNumberValue(double value) => Wrote(NumberText.Write(value, Start(MostOfNumber)));

    public void WriteBooleanValue(bool value) => WriteRawValue(value ? "true"u8 : "false"u8);

    public void WriteNullValue() => WriteRawValue("null"u8);

    /// <summary>Writes a value that is JSON already.</summary>
    public void WriteRawValue(ReadOnlySpan<byte> json)
    {
        if (_needsComma) output.Write((byte)',');
        output.Write(json);
        _needsComma = true;
    }

    /// <summary>The same as <see cref="WriteStringValue(DateTime)"/>; what changes but once a second is kept.</summary>
    private void WriteUtc(DateTime value)
    {
        var second = value.Ticks / TimeSpan.TicksPerSecond;
        if (second != _secondOf)
        {
            Span<byte> whole = stackalloc byte[MostOfNumber];
            Utf8Formatter.TryFormat(value, whole, out _, 'O');
            whole[..19].CopyTo(_second);
            _secondOf = second;
        }

        var span = Start(MostOfNumber);
        span[0] = (byte)'"';
        _second.CopyTo(span[1..]);
        span[20] = (byte)'.';
        NumberText.WritePadded((uint)(value.Ticks % TimeSpan.TicksPerSecond), span[21..28]);
        span[28] = (byte)'Z';
        span[29] = (byte)'"';
        output.Advance(30);
        _needsComma = true;
    }

    private EncodedText Known(string text) => (_names ??= new EncodedNames()).Find(text);

    /// <summary>Copies a text that stays as it is in JSON.</summary>
    private static bool TryCopyPlain(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length > LongestByHand) return !text.ContainsAny(s_escaped) && Ascii.FromUtf16(text, destination, out _) == OperationStatus.Done;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is < ' ' or > '~' or '"' or '\\') return false;
            destination[i] = (byte)c;
        }

        return true;
    }

    private void Wrote(int length)
    {
        output.Advance(length);
        _needsComma = true;
    }

    private void Open(byte bracket)
    {
        if (_needsComma) output.Write((byte)',');
        output.Write(bracket);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        output.Write(bracket);
        _needsComma = true;
    }

    /// <summary>Room for a value, behind the comma that it may need.</summary>
    private Span<byte> Start(int room)
    {
        if (_needsComma) output.Write((byte)',');
        return output.GetSpan(room);
    }

    private void Quoted(Span<byte> span, bool fits, int length)
    {
        System.Diagnostics.Debug.Assert(fits, "There is room for every time and id.");
        span[0] = (byte)'"';
        span[length + 1] = (byte)'"';
        output.Advance(length + 2);
        _needsComma = true;
    }

    private void WriteEscaped(ReadOnlySpan<char> value)
    {
        while (!value.IsEmpty)
        {
            var plain = PlainLength(value);
            if (plain > 0)
            {
                var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(plain));
                Utf8.FromUtf16(value[..plain], span, out _, out var written, replaceInvalidSequences: true);
                output.Advance(written);
                value = value[plain..];
                continue;
            }

            WriteEscape(value[0]);
            value = value[1..];
        }
    }

    private static int PlainLength(ReadOnlySpan<char> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is < ' ' or '"' or '\\' or (>= '\u007f' and <= '\u009f') or '\u2028' or '\u2029') return i;
        }

        return value.Length;
    }

    private void WriteEscape(char c)
    {
        var span = output.GetSpan(6);
        span[0] = (byte)'\\';
        byte letter = c switch { '"' => (byte)'"', '\\' => (byte)'\\', '\n' => (byte)'n', '\r' => (byte)'r', '\t' => (byte)'t', '\b' => (byte)'b', '\f' => (byte)'f', _ => 0 };
        if (letter != 0)
        {
            span[1] = letter;
            output.Advance(2);
            return;
        }

        span[1] = (byte)'u';
        ((int)c).TryFormat(span[2..], out _, "x4", CultureInfo.InvariantCulture);
        output.Advance(6);
    }
}
