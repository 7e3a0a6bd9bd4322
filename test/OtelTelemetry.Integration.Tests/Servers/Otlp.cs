using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>The pieces all OTLP messages are made of, in the JSON the receiver answers with.</summary>
internal static class Otlp
{
    public static IEnumerable<JsonNode> Array(JsonNode? node) => node is null ? [] : node.AsArray().Select(item => item!);

    /// <summary>Trace and span ids arrive as base64 and are read by people as lower-case hexadecimal; empty when absent.</summary>
    public static string Hex(JsonNode? base64) =>
        base64 is null ? "" : Convert.ToHexStringLower(Convert.FromBase64String(base64.GetValue<string>()));

    public static IReadOnlyDictionary<string, string> Attributes(JsonNode? attributes) =>
        Array(attributes).ToDictionary(attribute => attribute["key"]!.GetValue<string>(), attribute => Value(attribute["value"]));

    /// <summary>An AnyValue as text: whatever its type, the value.</summary>
    public static string Value(JsonNode? any) =>
        any is JsonObject { Count: > 0 } value ? value.First().Value!.ToString() : "";

    /// <summary>64-bit integers are JSON strings, doubles are JSON numbers.</summary>
    public static double Number(JsonNode? number) => number switch
    {
        null => 0,
        _ when number.GetValueKind() == JsonValueKind.String => double.Parse(number.GetValue<string>(), CultureInfo.InvariantCulture),
        _ => number.GetValue<double>(),
    };

    public static DateTimeOffset Time(JsonNode? unixNanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(Number(unixNanoseconds) / 100));
}
