using System.Collections;
using System.Globalization;
using System.Text;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Puts values into a template of a log message, as ILogger does: <c>{Name}</c>, <c>{Name,10:0.00}</c>, <c>{{</c>, <c>}}</c>.</summary>
internal static class MessageTemplate
{
    /// <summary>The finished text. A hole without a value gets what stands for secrets.</summary>
    internal static string Render(string template, IReadOnlyList<KeyValuePair<string, object?>> values, string unknown)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            if (c is '{' or '}' && i + 1 < template.Length && template[i + 1] == c)
            {
                text.Append(c);
                i++;
                continue;
            }

            var end = c == '{' ? template.IndexOf('}', i) : -1;
            if (end < 0)
            {
                text.Append(c);
                continue;
            }

            text.Append(Fill(template.AsSpan(i + 1, end - i - 1), values, unknown));
            i = end;
        }

        return text.ToString();
    }

    private static string Fill(ReadOnlySpan<char> hole, IReadOnlyList<KeyValuePair<string, object?>> values, string unknown)
    {
        var at = hole.IndexOfAny(',', ':');
        var name = (at < 0 ? hole : hole[..at]).Trim();
        for (var i = 0; i < values.Count; i++)
        {
            var (key, value) = values[i];
            if (!name.Equals(key, StringComparison.OrdinalIgnoreCase) && !name.TrimStart("@$").Equals(key, StringComparison.OrdinalIgnoreCase)) continue;
            if (at < 0) return Text(value);
            try
            {
                return string.Format(CultureInfo.InvariantCulture, string.Concat("{0", hole[at..], "}"), value is IFormattable ? value : Text(value));
            }
            catch (FormatException)
            {
                return unknown;
            }
        }

        return unknown;
    }

    private static string Text(object? value) => value switch
    {
        null => "(null)",
        string text => text,
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(item => item is null ? "(null)" : Convert.ToString(item, CultureInfo.InvariantCulture))),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
