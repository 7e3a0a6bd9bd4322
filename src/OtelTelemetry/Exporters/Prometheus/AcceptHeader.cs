using System.Globalization;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Reads a scraper's Accept header (RFC 9110, section 12.5.1). Lenient: what it does not understand, it skips.</summary>
internal static class AcceptHeader
{
    // A real one has five entries; a hostile one of many kilobytes is not worth reading to its end.
    private const int MaxEntries = 32;

    public static PrometheusFormat Choose(string? accept)
    {
        var best = default(PrometheusFormat);
        var bestQuality = 0.0;
        var bestIsExact = false;
        var entries = 0;
        var header = (accept ?? "").AsSpan();
        foreach (var range in header.Split(','))
        {
            if (++entries > MaxEntries) break;
            if (!TryRead(header[range], out var format, out var quality, out var exact)) continue;
            // Of equals the more specific wins (a type before "*/*"), then the first.
            if (quality < bestQuality || quality <= 0) continue;
            if (quality == bestQuality && (bestIsExact || !exact)) continue;
            (best, bestQuality, bestIsExact) = (format, quality, exact);
        }

        return best;
    }

    private static bool TryRead(ReadOnlySpan<char> entry, out PrometheusFormat format, out double quality, out bool exact)
    {
        var type = ReadOnlySpan<char>.Empty;
        var version = ReadOnlySpan<char>.Empty;
        var escaping = PrometheusEscaping.Underscores;
        var first = true;
        format = default;
        quality = 1;
        exact = true;
        foreach (var range in entry.Split(';'))
        {
            var part = entry[range].Trim();
            if (first)
            {
                type = part;
                first = false;
                continue;
            }

            var equals = part.IndexOf('=');
            if (equals < 0) continue;
            var name = part[..equals].Trim();
            var value = part[(equals + 1)..].Trim().Trim('"');
            if (name.Equals("q", StringComparison.OrdinalIgnoreCase)) quality = Quality(value);
            else if (name.Equals("version", StringComparison.OrdinalIgnoreCase)) version = value;
            else if (name.Equals("escaping", StringComparison.OrdinalIgnoreCase)) escaping = Escaping(value);
        }

        PrometheusDialect? dialect = type switch
        {
            _ when type.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) => version switch
            {
                "1.0.0" or "" => PrometheusDialect.OpenMetrics100,
                "0.0.1" => PrometheusDialect.OpenMetrics001,
                _ => null,
            },
            _ when type.Equals("text/plain", StringComparison.OrdinalIgnoreCase) => version switch
            {
                "1.0.0" => PrometheusDialect.Text100,
                "0.0.4" or "" => PrometheusDialect.Text004,
                _ => null,
            },
            "*/*" or "text/*" => PrometheusDialect.Text004,
            _ => null,
        };
        if (dialect is not { } found) return false;

        exact = type[^1] != '*';
        // The older versions have no syntax for quoted names.
        var canQuote = found is PrometheusDialect.OpenMetrics100 or PrometheusDialect.Text100;
        if (escaping == PrometheusEscaping.AllowUtf8 && !canQuote) escaping = PrometheusEscaping.Underscores;
        format = new PrometheusFormat(found, escaping);
        return true;
    }

    private static double Quality(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality) && quality is >= 0 and <= 1 ? quality : 0;

    private static PrometheusEscaping Escaping(ReadOnlySpan<char> text) => text switch
    {
        // The documentation spells it both ways; servers send the first.
        "allow-utf-8" or "allow-utf8" => PrometheusEscaping.AllowUtf8,
        "dots" => PrometheusEscaping.Dots,
        "values" => PrometheusEscaping.Values,
        _ => PrometheusEscaping.Underscores,
    };
}
