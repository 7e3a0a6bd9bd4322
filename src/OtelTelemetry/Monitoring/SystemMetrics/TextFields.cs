using System.Buffers.Text;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>The fields of a line of one of the kernel's files, between blanks. Nothing throws, whatever the text is.</summary>
internal ref struct TextFields(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    /// <summary>Takes the next line off a text.</summary>
    public static bool TryNextLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        if (text.IsEmpty)
        {
            line = default;
            return false;
        }

        var end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        text = end < 0 ? default : text[(end + 1)..];
        return true;
    }

    /// <summary>The whole of a text is one number, with blanks around it.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out ulong number)
    {
        var fields = new TextFields(text);
        return fields.TryNextNumber(out number) && !fields.TryNext(out _);
    }

    public bool TryNext(out ReadOnlySpan<byte> field)
    {
        var start = _rest.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
        {
            field = _rest = default;
            return false;
        }

        _rest = _rest[start..];
        var end = _rest.IndexOfAny(" \t\r\n"u8);
        field = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[end..];
        return true;
    }

    /// <summary>The next field is a whole number.</summary>
    public bool TryNextNumber(out ulong number)
    {
        number = 0;
        return TryNext(out var field) && Utf8Parser.TryParse(field, out number, out var used) && used == field.Length;
    }

    /// <summary>As many of the next fields as are numbers and have a place.</summary>
    /// <returns>How many there were.</returns>
    public int ReadNumbers(scoped Span<ulong> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!TryNextNumber(out numbers[i])) return i;
        }

        return numbers.Length;
    }
}
