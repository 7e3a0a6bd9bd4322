using System.Globalization;
using System.Text;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Makes text one that Prometheus can hold. Nearly all text is that already, and comes back as it is.</summary>
internal static class ExportableText
{
    public static string Of(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0' || (char.IsSurrogate(c) && !IsPair(text, i))) return Replace(text, i);
            if (char.IsHighSurrogate(c)) i++;
        }

        return text;
    }

    private static string Replace(string text, int start)
    {
        var result = new StringBuilder(text, 0, start, text.Length + 8);
        for (var i = start; i < text.Length; i++)
        {
            var c = text[i];
            if (IsPair(text, i)) result.Append(c).Append(text[++i]);
            // Scrapers take a NUL for the end of the text.
            else if (c == '\0') result.Append('\uFFFD');
            // Half a character has no UTF-8. Its number keeps two different values different.
            else if (char.IsSurrogate(c)) result.Append('\uFFFD').Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else result.Append(c);
        }

        return result.ToString();
    }

    private static bool IsPair(string text, int at) => char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
}
