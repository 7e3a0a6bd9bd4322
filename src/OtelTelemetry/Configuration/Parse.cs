using System.Globalization;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OtelTelemetry.Collectors;
using OtelTelemetry.Delivery;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Configuration;

/// <summary>Turns a setting's text into a value. Ranges are checked later, for values set in code too.</summary>
internal static class Parse
{
    public static Parsed<string> Text(string text) => text;

    public static Parsed<bool> Boolean(string text) =>
        bool.TryParse(text, out var value) ? value : Parsed<bool>.Wrong($"'{text}' is not true or false", "Allowed: true, false");

    public static Parsed<bool?> OptionalBoolean(string text) =>
        bool.TryParse(text, out var value) ? value : Parsed<bool?>.Wrong($"'{text}' is not true or false", "Allowed: true, false");

    public static Parsed<int> Integer(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : Parsed<int>.Wrong($"'{text}' is not a whole number", "Allowed: a whole number such as 2000");

    public static Parsed<long> Long(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : Parsed<long>.Wrong($"'{text}' is not a whole number", "Allowed: a whole number such as 10000000");

    public static Parsed<int?> OptionalInteger(string text)
    {
        var parsed = Integer(text);
        return parsed.Problem is null ? parsed.Value : Parsed<int?>.Wrong(parsed.Problem, parsed.Remedy!);
    }

    public static Parsed<double> Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : Parsed<double>.Wrong($"'{text}' is not a number", "Allowed: a number such as 0.25");

    public static Parsed<double?> OptionalNumber(string text) => Optional(Number(text));

    /// <summary>A number with a unit (<c>500ms</c>, <c>5s</c>, <c>1m</c>, <c>2h</c>), or hours, minutes and seconds with colons.</summary>
    public static Parsed<TimeSpan> Duration(string text)
    {
        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)) return span;
        var unit = text.TrimStart("+-0123456789.".ToCharArray()).Trim();
        var number = text[..(text.Length - text.TrimStart("+-0123456789.".ToCharArray()).Length)];
        double? milliseconds = unit switch { "ms" => 1, "s" => 1000, "m" => 60_000, "h" => 3_600_000, _ => null };
        if (milliseconds is { } factor
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value * factor) < TimeSpan.MaxValue.TotalMilliseconds)
        {
            return TimeSpan.FromMilliseconds(value * factor);
        }

        const string remedy = "Allowed: a number with its unit such as 500ms, 5s or 1m, or 00:00:05";
        return unit.Length == 0 && number.Length > 0
            ? Parsed<TimeSpan>.Wrong($"'{text}' has no unit", remedy)
            : Parsed<TimeSpan>.Wrong($"'{text}' is not a duration", remedy);
    }

    public static Parsed<TimeSpan?> OptionalDuration(string text) => Optional(Duration(text));

    /// <summary>A moment, as ISO 8601 writes it; without an offset it is UTC.</summary>
    public static Parsed<DateTimeOffset?> OptionalTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)
            ? value
            : Parsed<DateTimeOffset?>.Wrong($"'{text}' is not a moment", "Allowed: a date and a time such as 2026-03-14T15:00:00Z");

    /// <summary>What OpenTelemetry's variables hold: a whole number of milliseconds.</summary>
    public static Parsed<TimeSpan> Milliseconds(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= int.MaxValue
            ? TimeSpan.FromMilliseconds(value)
            : Parsed<TimeSpan>.Wrong($"'{text}' is not a whole number of milliseconds", "Allowed: milliseconds such as 10000");

    public static Parsed<TimeSpan?> OptionalMilliseconds(string text) => Optional(Milliseconds(text));

    /// <summary>An absolute http or https address. What may be a password in it is not repeated.</summary>
    public static Parsed<Uri?> Endpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? uri
            : Parsed<Uri?>.Wrong($"{Shown(text)} is not an address", "Allowed: an address such as http://localhost:4317");

    public static Parsed<OtlpExportProtocol> Protocol(string text) => text switch
    {
        _ when text.Equals("grpc", StringComparison.OrdinalIgnoreCase) => OtlpExportProtocol.Grpc,
        _ when text.Equals("http/protobuf", StringComparison.OrdinalIgnoreCase) => OtlpExportProtocol.HttpProtobuf,
        _ => Parsed<OtlpExportProtocol>.Wrong($"'{text}' is not a protocol this exporter speaks", "Allowed: grpc, http/protobuf"),
    };

    public static Parsed<OtlpExportProtocol?> OptionalProtocol(string text) => Optional(Protocol(text));

    public static Parsed<OtlpExportCompression> Compression(string text) => text switch
    {
        _ when text.Equals("none", StringComparison.OrdinalIgnoreCase) => OtlpExportCompression.None,
        _ when text.Equals("gzip", StringComparison.OrdinalIgnoreCase) => OtlpExportCompression.GZip,
        _ => Parsed<OtlpExportCompression>.Wrong($"'{text}' is not a compression this exporter knows", "Allowed: none, gzip"),
    };

    public static Parsed<OtlpExportCompression?> OptionalCompression(string text) => Optional(Compression(text));

    public static Parsed<MetricReaderTemporalityPreference> Temporality(string text) => text.ToLowerInvariant() switch
    {
        "cumulative" => MetricReaderTemporalityPreference.Cumulative,
        "delta" => MetricReaderTemporalityPreference.Delta,
        "lowmemory" => MetricReaderTemporalityPreference.LowMemory,
        _ => Parsed<MetricReaderTemporalityPreference>.Wrong($"'{text}' is not a temporality this exporter knows", "Allowed: cumulative, delta, lowmemory"),
    };

    public static Parsed<DeliveryMode> DeliveryMode(string text) => text.ToLowerInvariant() switch
    {
        "onfailure" => Delivery.DeliveryMode.OnFailure,
        "outbox" => Delivery.DeliveryMode.Outbox,
        _ => Parsed<DeliveryMode>.Wrong($"'{text}' is not a mode of delivery", "Allowed: OnFailure, Outbox"),
    };

    public static Parsed<DeliveryMode?> OptionalDeliveryMode(string text) => Optional(DeliveryMode(text));

    public static Parsed<DeliveryOrder?> OptionalDeliveryOrder(string text) => text.ToLowerInvariant() switch
    {
        "inorder" => DeliveryOrder.InOrder,
        "livefirst" => DeliveryOrder.LiveFirst,
        _ => Parsed<DeliveryOrder?>.Wrong($"'{text}' is not an order of delivery", "Allowed: InOrder, LiveFirst"),
    };

    /// <summary>A number of bytes, or of KiB, MiB or GiB.</summary>
    public static Parsed<long?> OptionalSize(string text)
    {
        var number = text.TrimEnd("BKMGib ".ToCharArray());
        long? factor = text[number.Length..].Trim() switch { "" or "B" => 1, "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => null };
        return factor is { } one && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= long.MaxValue / one
            ? value * one
            : Parsed<long?>.Wrong($"'{text}' is not a size", "Allowed: bytes such as 1048576, or 512KiB, 64MiB, 1GiB");
    }

    /// <summary>The rule for measurements that no metric has been made for.</summary>
    public static Parsed<UnregisteredMetrics> Unregistered(string text) => text.ToLowerInvariant() switch
    {
        "byname" => UnregisteredMetrics.ByName,
        "reject" => UnregisteredMetrics.Reject,
        "counter" => UnregisteredMetrics.Always(MetricKind.Counter),
        "gauge" => UnregisteredMetrics.Always(MetricKind.Gauge),
        "histogram" => UnregisteredMetrics.Always(MetricKind.Histogram),
        "summary" => UnregisteredMetrics.Always(MetricKind.Summary),
        _ => Parsed<UnregisteredMetrics>.Wrong($"'{text}' is not a rule for unregistered metrics", "Allowed: ByName, Reject, Counter, Gauge, Histogram, Summary"),
    };

    /// <summary>Names separated by commas.</summary>
    public static Parsed<IReadOnlyList<string>> List(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Names and values: <c>name=value,name=value</c>, values percent-encoded (W3C Baggage, which OpenTelemetry's variables follow).
    /// Problems name the position only: values may be secrets.</summary>
    public static Parsed<IReadOnlyDictionary<string, string>> Map(string text)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        var position = 0;
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            position++;
            var equals = entry.IndexOf('=');
            if (equals <= 0)
            {
                return Parsed<IReadOnlyDictionary<string, string>>.Wrong(
                    $"entry {position} has no name, or no '=' after it", "Allowed: name=value,name=value with values percent-encoded");
            }

            map[Uri.UnescapeDataString(entry[..equals].Trim())] = Uri.UnescapeDataString(entry[(equals + 1)..].Trim());
        }

        return map;
    }

    /// <summary>One of the names of an enumeration, in any case.</summary>
    public static Parsed<T> Name<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value
            : Parsed<T>.Wrong($"'{text}' is not one of the values", "Allowed: " + string.Join(", ", Enum.GetNames<T>()));

    private static string Shown(string text) => text.Contains('@') ? "the value (hidden, it may hold a password)" : $"'{text}'";

    private static Parsed<T?> Optional<T>(Parsed<T> parsed)
        where T : struct =>
        parsed.Problem is null ? parsed.Value : Parsed<T?>.Wrong(parsed.Problem, parsed.Remedy!);
}
