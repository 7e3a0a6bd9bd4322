using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Turns UCUM units into the words Prometheus names end with
/// (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", section "Metric Metadata").</summary>
internal static class PrometheusUnits
{
    /// <summary>The word for a unit, such as <c>seconds</c> or <c>bytes_per_second</c>; empty when there is none.</summary>
    public static string Word(string unit, MetricKind kind)
    {
        if (unit == "1") return kind == MetricKind.Gauge ? "ratio" : "";

        var bare = WithoutAnnotations(unit);
        var slash = bare.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return Clean(Plural(bare));

        var numerator = Clean(Plural(bare[..slash].Trim()));
        var denominator = Clean(Singular(bare[(slash + 1)..].Trim()));
        if (denominator.Length == 0) return numerator;
        return numerator.Length == 0 ? "per_" + denominator : numerator + "_per_" + denominator;
    }

    private static string Plural(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tebibytes",
        "KBy" or "kBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "bit" => "bits",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "1" => "",
        _ => unit,
    };

    private static string Singular(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" or "wk" => "week",
        "mo" => "month",
        "y" or "a" => "year",
        _ => Plural(unit),
    };

    // "{request}" only says what is counted; a count has no unit in Prometheus.
    private static string WithoutAnnotations(string unit)
    {
        while (true)
        {
            var open = unit.IndexOf('{', StringComparison.Ordinal);
            var close = open < 0 ? -1 : unit.IndexOf('}', open);
            if (close < 0) return unit.Trim();
            unit = unit.Remove(open, close - open + 1);
        }
    }

    private static string Clean(string word) => word.Length == 0 ? "" : PrometheusNames.Underscores(word, colons: false).Trim('_');
}
