using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>Units as CloudWatch calls them (CloudWatch's API reference, "MetricDatum").</summary>
internal static class CloudWatchUnits
{
    public const string None = "None";
    public const string Count = "Count";

    /// <summary>The unit of a metric's values. CloudWatch has no name for many: those are None, and the values stay as they are.</summary>
    public static string Of(MetricDescriptor metric) => metric.Unit switch
    {
        "" => metric.Kind == MetricKind.Counter ? Count : None,
        "s" => "Seconds",
        "ms" => "Milliseconds",
        "us" => "Microseconds",
        "By" => "Bytes",
        "kBy" => "Kilobytes",
        "MBy" => "Megabytes",
        "GBy" => "Gigabytes",
        "TBy" => "Terabytes",
        "bit" => "Bits",
        "kbit" => "Kilobits",
        "Mbit" => "Megabits",
        "Gbit" => "Gigabits",
        "Tbit" => "Terabits",
        "%" => "Percent",
        "By/s" => "Bytes/Second",
        "kBy/s" => "Kilobytes/Second",
        "MBy/s" => "Megabytes/Second",
        "GBy/s" => "Gigabytes/Second",
        "bit/s" => "Bits/Second",
        "kbit/s" => "Kilobits/Second",
        "Mbit/s" => "Megabits/Second",
        "Gbit/s" => "Gigabits/Second",
        "1/s" or "Hz" => "Count/Second",
        ['{', .., '}'] => Count,
        ['{', .., '}', '/', 's'] => "Count/Second",
        _ => None,
    };
}
