using System.Buffers;
using System.Text;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>
/// Writes names, labels and values so that nothing in them is taken for a part of the protocol. What a dialect does not take becomes an
/// underscore; Etsy's server takes ASCII letters, digits, '_', '-' and '.' and drops others itself.
/// </summary>
internal sealed class StatsDText(StatsDDialect dialect)
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
    private static readonly SearchValues<char> s_name = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>A metric's name, or a prefix.</summary>
    public static void AppendName(StringBuilder line, ReadOnlySpan<char> name)
    {
        foreach (var character in name) line.Append(s_name.Contains(character) ? character : '_');
    }

    /// <summary>A label, after the name in Etsy's dialect and among the tags in the other.</summary>
    /// <param name="line">Where to.</param>
    /// <param name="name">The label's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isFirst">Whether no label was written yet.</param>
    /// <returns>Whether one was written: a tag without a value is none.</returns>
    public bool AppendLabel(StringBuilder line, ReadOnlySpan<char> name, ReadOnlySpan<char> value, bool isFirst)
    {
        if (dialect == StatsDDialect.Etsy)
        {
            line.Append('.');
            AppendPart(line, name);
            line.Append('.');
            AppendPart(line, value);
            return true;
        }

        if (value.IsEmpty) return false;
        line.Append(isFirst ? "|#" : ",");
        foreach (var character in name) line.Append(IsTagText(character) && character != ':' ? character : '_');
        line.Append(':');
        foreach (var character in value) line.Append(IsTagText(character) ? character : '_');
        return true;
    }

    // A dot within a label would make two parts of one.
    private static void AppendPart(StringBuilder line, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) line.Append('_');
        foreach (var character in text) line.Append(s_plain.Contains(character) ? character : '_');
    }

    private static bool IsTagText(char character) => character is not ('|' or ',' or '@' or '#') && !char.IsControl(character) && character is not ('\u2028' or '\u2029');
}
