using System.Buffers;
using System.Globalization;
using System.Text;

namespace OtelTelemetry.Logging.Formats;

/// <summary>Writes texts as UTF-8.</summary>
internal static class TextBytes
{
    private static readonly SearchValues<char> s_control = SearchValues.Create([.. Enumerable.Range(0, 32).Concat(Enumerable.Range(127, 33)).Select(code => (char)code)]);

    public static void Write(this LogBuffer output, ReadOnlySpan<char> text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }

    /// <summary>Writes a value in the invariant culture.</summary>
    public static void WriteValue<T>(this LogBuffer output, T value, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        for (var size = 64; ; size *= 4)
        {
            if (!value.TryFormat(output.GetSpan(size), out var written, format, CultureInfo.InvariantCulture)) continue;
            output.Advance(written);
            return;
        }
    }

    /// <summary>Writes a text that must stay in its line: line breaks in it are shown as <c>\n</c>, other control characters are left out, since they could
    /// change what a terminal shows.</summary>
    public static void WriteInLine(this LogBuffer output, ReadOnlySpan<char> text)
    {
        while (true)
        {
            var length = text.IndexOfAny(s_control);
            if (length < 0) break;
            output.Write(text[..length]);
            if (text[length] == '\n') output.Write("\\n"u8);
            else if (text[length] == '\t') output.Write("\t"u8);
            text = text[(length + 1)..];
        }

        output.Write(text);
    }

    /// <summary>Writes a text of several lines, each after an indent and with a newline behind it.</summary>
    public static void WriteLines(this LogBuffer output, ReadOnlySpan<char> text, ReadOnlySpan<byte> indent)
    {
        foreach (var line in text.EnumerateLines())
        {
            output.Write(indent);
            output.WriteInLine(line);
            output.Write("\n"u8);
        }
    }

    /// <summary>Writes <c>name=value</c> for each value, with a blank before each.</summary>
    public static void WritePairs(this LogBuffer output, IReadOnlyList<KeyValuePair<string, object?>> pairs)
    {
        for (var i = 0; i < pairs.Count; i++)
        {
            if (pairs[i].Key != LogTemplate.Name) output.WritePair(pairs[i].Key, pairs[i].Value);
        }
    }

    /// <summary>Writes <c>name=value</c> with a blank before it.</summary>
    public static void WritePair(this LogBuffer output, string name, object? value)
    {
        output.Write(" "u8);
        output.WriteInLine(name);
        output.Write("="u8);
        WriteValueText(output, value);
    }

    private static void WriteValueText(LogBuffer output, object? value)
    {
        switch (value)
        {
            case null:
                output.Write("null"u8);
                break;
            case int number:
                output.WriteValue(number);
                break;
            case long number:
                output.WriteValue(number);
                break;
            case double number:
                output.WriteValue(number);
                break;
            default:
                var text = value as string ?? LogJson.Text(value);
                var quoted = text.Length == 0 || text.AsSpan().IndexOfAny(" =\"\n") >= 0;
                if (quoted) output.Write("\""u8);
                output.WriteInLine(quoted ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text);
                if (quoted) output.Write("\""u8);
                break;
        }
    }
}
