using System.Globalization;
using System.Text;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Turns instrument and label names into Prometheus names
/// (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility"; Prometheus documentation, "escaping schemes").</summary>
internal static class PrometheusNames
{
    private const string Total = "_total";

    /// <summary>The name of a metric's samples, before suffixes such as <c>_bucket</c>: escaped, with unit and, for a counter, <c>_total</c>.</summary>
    public static string Sample(MetricDescriptor descriptor, string prefix, PrometheusEscaping escaping, bool keepUtf8)
    {
        var name = descriptor.Name;
        if (!keepUtf8 || !IsValidUtf16(name)) name = Underscores(name, colons: true);

        // A counter's name may bring the suffix already; the unit belongs before it.
        var counter = descriptor.Kind == MetricKind.Counter;
        if (counter && name.Length > Total.Length && (name.EndsWith(Total, StringComparison.Ordinal) || name.EndsWith(".total", StringComparison.Ordinal)))
        {
            name = name[..^Total.Length];
        }

        var unit = PrometheusUnits.Word(descriptor.Unit, descriptor.Kind);
        if (unit.Length > 0 && !HasWord(name, unit)) name = Join(name, unit);
        if (counter) name = Join(name, "total");
        if (MeansSomethingElse(descriptor, name)) name = Join(name, "current");
        if (prefix.Length > 0) name = Join(prefix, name);
        return EscapeMetric(name, escaping);
    }

    /// <summary>The family's name in OpenMetrics, which writes a counter's without <c>_total</c>.</summary>
    public static string OpenMetricsFamily(string sample, MetricKind kind) =>
        kind == MetricKind.Counter && sample.EndsWith(Total, StringComparison.Ordinal) ? sample[..^Total.Length] : sample;

    /// <summary>A label's name as it is exported, before quoting.</summary>
    public static string Label(string name, PrometheusEscaping escaping, bool keepUtf8)
    {
        if (!keepUtf8 || escaping == PrometheusEscaping.Underscores || name.Length == 0 || !IsValidUtf16(name)) name = Underscores(name, colons: false);
        return OneLeadingUnderscore(Escape(OneLeadingUnderscore(name), escaping, colons: false));
    }

    /// <summary>What is wrong with what every metric's name shall begin with, or null.</summary>
    public static (string Problem, string Remedy)? CheckPrefix(string? prefix) =>
        prefix is null || (prefix.Length > 0 && !IsLegacyMetric(prefix))
            ? ($"'{prefix}' cannot begin a metric's name", "Allowed: letters, digits, '_' and ':', not beginning with a digit")
            : null;

    public static bool IsLegacyMetric(string name) => IsLegacy(name, colons: true);

    public static bool IsLegacyLabel(string name) => IsLegacy(name, colons: false);

    /// <summary>Illegal characters become underscores, repeated underscores become one, and a leading digit gets one in front.</summary>
    public static string Underscores(string name, bool colons)
    {
        if (IsLegacy(name, colons) && !name.Contains("__", StringComparison.Ordinal)) return name;

        var result = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            if ((c != '_' && IsLetter(c, colons)) || (char.IsAsciiDigit(c) && result.Length > 0)) result.Append(c);
            else if (char.IsAsciiDigit(c)) result.Append('_').Append(c);
            else if (result.Length == 0 || result[^1] != '_') result.Append('_');
        }

        return result.Length == 0 ? "_" : result.ToString();
    }

    private static string EscapeMetric(string name, PrometheusEscaping escaping) => Escape(name, escaping, colons: true);

    private static string Escape(string name, PrometheusEscaping escaping, bool colons) => escaping switch
    {
        PrometheusEscaping.AllowUtf8 => name,
        PrometheusEscaping.Dots => Dots(name, colons),
        PrometheusEscaping.Values => IsLegacy(name, colons) ? name : Values(name, colons),
        _ => Underscores(name, colons),
    };

    private static string Dots(string name, bool colons)
    {
        var result = new StringBuilder(name.Length + 8);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '_') result.Append("__");
            else if (rune.Value == '.') result.Append("_dot_");
            else result.Append(IsLegacyAt(rune, result.Length, colons) ? (char)rune.Value : '_');
        }

        return result.ToString();
    }

    private static string Values(string name, bool colons)
    {
        var result = new StringBuilder("U__", name.Length + 16);
        var first = true;
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == '_') result.Append("__");
            else if (IsLegacyAt(rune, first ? 0 : 1, colons)) result.Append((char)rune.Value);
            else result.Append('_').Append(rune.Value.ToString("x", CultureInfo.InvariantCulture)).Append('_');
            first = false;
        }

        return result.ToString();
    }

    // Two are the server's own: "__name__" as a label would rename the metric.
    private static string OneLeadingUnderscore(string label) => label.StartsWith("__", StringComparison.Ordinal) ? "_" + label.TrimStart('_') : label;

    private static string Join(string name, string suffix) => name.EndsWith('_') ? name + suffix : name + "_" + suffix;

    /// <summary>Whether the name has the unit already, as whole words.</summary>
    private static bool HasWord(string name, string word)
    {
        for (var at = name.IndexOf(word, StringComparison.Ordinal); at >= 0; at = name.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsAsciiLetterOrDigit(name[at - 1])) && (end == name.Length || !char.IsAsciiLetterOrDigit(name[end]))) return true;
        }

        return false;
    }

    // .NET calls four of its gauges "...count", which in Prometheus is the name of a histogram's or summary's part: promtool refuses it.
    private static bool MeansSomethingElse(MetricDescriptor descriptor, string name) =>
        descriptor.Scope.Name == "System.Runtime" && descriptor.Kind is MetricKind.Gauge or MetricKind.UpDownCounter
        && (name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith(".count", StringComparison.Ordinal));

    private static bool IsLegacy(string name, bool colons)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (!IsLetter(c, colons) && !char.IsAsciiDigit(c)) return false;
        }

        return true;
    }

    private static bool IsLegacyAt(Rune rune, int position, bool colons) =>
        rune.IsAscii && (IsLetter((char)rune.Value, colons) || (char.IsAsciiDigit((char)rune.Value) && position > 0));

    private static bool IsLetter(char c, bool colons) => char.IsAsciiLetter(c) || c == '_' || (colons && c == ':');

    private static bool IsValidUtf16(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            // A replaced lone surrogate, or a NUL, which scrapers take for the end of the text.
            if (rune == Rune.ReplacementChar || rune.Value == 0) return false;
        }

        return text.Length > 0;
    }
}
