namespace OtelTelemetry.Exporters.Datadog;

/// <summary>Units as Datadog calls them.</summary>
internal static class DatadogUnits
{
    /// <summary>The name of a unit in UCUM's spelling; null where Datadog has none.</summary>
    public static string? Of(string unit) => unit switch
    {
        "ns" => "nanosecond",
        "us" => "microsecond",
        "ms" => "millisecond",
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "bit" => "bit",
        "By" => "byte",
        "KiBy" => "kibibyte",
        "MiBy" => "mebibyte",
        "GiBy" => "gibibyte",
        "%" => "percent",
        "1" => "fraction",
        "Cel" => "degree celsius",
        "[degF]" => "degree fahrenheit",
        "Hz" => "hertz",
        "W" => "watt",
        "{request}" => "request",
        "{connection}" => "connection",
        "{error}" => "error",
        "{message}" => "message",
        "{packet}" => "packet",
        "{thread}" => "thread",
        "{process}" => "process",
        "{operation}" => "operation",
        "{item}" => "item",
        _ => null,
    };
}
