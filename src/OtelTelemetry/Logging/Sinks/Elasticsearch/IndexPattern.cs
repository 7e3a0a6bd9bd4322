using System.Buffers;
using System.Globalization;
using System.Text;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>
/// Says which index a record belongs to. Text with the forms of strftime (<c>%Y %m %d %H %j</c>, <c>%%</c>) and forms of .NET in braces (<c>{yyyy.MM.dd}</c>, <c>{0:yyyy.MM}</c>); neither is
/// finer than an hour, so that a name is made once an hour. Immutable.
/// </summary>
internal sealed class IndexPattern
{
    private const string Allowed = "Allowed: a name in lower case with %Y %m %d %H %j or {yyyy.MM.dd}, such as logs-%Y.%m.%d";

    /// <summary>The server's bound for a name, in bytes.</summary>
    private const int MostBytes = 255;

    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("\\/*?\"<>| ,#:");
    private static readonly string[] s_dotNetForms = ["yyyy", "yy", "MM", "M", "dd", "d", "HH", "H"];

    // A text, or a form of .NET; "j" is the day of the year, which .NET has no form for.
    private readonly (string Text, bool IsForm)[] _parts;

    private IndexPattern((string Text, bool IsForm)[] parts) => _parts = parts;

    /// <exception cref="ArgumentException">It is no pattern.</exception>
    public static IndexPattern Of(string pattern)
    {
        var problem = TryRead(pattern, out var parts);
        return problem is null ? new IndexPattern([.. parts]) : throw new ArgumentException($"{problem}. {Allowed}.", nameof(pattern));
    }

    /// <summary>What is wrong with a pattern, and the remedy; null when nothing is.</summary>
    public static (string Problem, string Remedy)? Check(string? pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern)) return ("it is empty", Allowed);
        if (TryRead(pattern, out var parts) is { } problem) return (problem, Allowed);
        var name = new IndexPattern([.. parts]).NameAt(new DateTime(2026, 12, 31, 23, 0, 0, DateTimeKind.Utc));
        if (name.AsSpan().IndexOfAny(s_forbidden) is var place and >= 0) return ($"the name '{name}' has the character '{name[place]}', which no index has", Allowed);
        if (name.Any(char.IsUpper)) return ($"the name '{name}' has upper-case letters, which no index has", Allowed);
        if (name[0] is '-' or '_' or '+' || name is "." or "..") return ($"no index is named '{name}'", Allowed);
        return Encoding.UTF8.GetByteCount(name) > MostBytes ? ("the name is longer than 255 bytes", Allowed) : null;
    }

    /// <summary>The index of a record.</summary>
    /// <param name="time">The record's time in UTC.</param>
    public string NameAt(DateTime time)
    {
        var name = new StringBuilder();
        foreach (var (text, isForm) in _parts)
        {
            if (!isForm) name.Append(text);
            else if (text == "j") name.Append(time.DayOfYear.ToString("000", CultureInfo.InvariantCulture));

            // A form of one letter alone would be another thing to .NET.
            else name.Append(time.ToString(text.Length == 1 ? "%" + text : text, CultureInfo.InvariantCulture));
        }

        return name.ToString();
    }

    /// <returns>What is wrong, or null.</returns>
    private static string? TryRead(string pattern, out List<(string Text, bool IsForm)> parts)
    {
        parts = [];
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '%':
                    if (i + 1 == pattern.Length) return "it ends with a single %";
                    if (FormOf(pattern[++i]) is not { } form) return $"'%{pattern[i]}' is not a form";
                    if (form == "%") text.Append('%');
                    else Add(parts, text, form);
                    break;
                case '{':
                    var end = pattern.IndexOf('}', i);
                    if (end < 0) return "a { is not closed";
                    if (ReadBraces(pattern[(i + 1)..end], parts, text) is { } problem) return problem;
                    i = end;
                    break;
                case '}':
                    return "a } has no { before it";
                default:
                    text.Append(pattern[i]);
                    break;
            }
        }

        if (text.Length > 0) parts.Add((text.ToString(), false));
        return null;
    }

    private static string? FormOf(char letter) => letter switch
    {
        'Y' => "yyyy",
        'm' => "MM",
        'd' => "dd",
        'H' => "HH",
        'j' => "j",
        '%' => "%",
        _ => null,
    };

    private static string? ReadBraces(string inside, List<(string Text, bool IsForm)> parts, StringBuilder text)
    {
        var forms = inside.StartsWith("0:", StringComparison.Ordinal) ? inside[2..] : inside;
        if (forms.Length == 0) return "there is nothing between { and }";
        for (var i = 0; i < forms.Length;)
        {
            var letter = forms[i];
            if (!char.IsAsciiLetter(letter))
            {
                text.Append(letter);
                i++;
                continue;
            }

            var length = forms.AsSpan(i).IndexOfAnyExcept(letter) is var other and >= 0 ? other : forms.Length - i;
            var form = forms.Substring(i, length);
            if (!s_dotNetForms.Contains(form)) return $"'{form}' is not a form of year, month, day or hour in digits";
            Add(parts, text, form);
            i += length;
        }

        return null;
    }

    private static void Add(List<(string Text, bool IsForm)> parts, StringBuilder text, string form)
    {
        if (text.Length > 0) parts.Add((text.ToString(), false));
        text.Clear();
        parts.Add((form, true));
    }
}
