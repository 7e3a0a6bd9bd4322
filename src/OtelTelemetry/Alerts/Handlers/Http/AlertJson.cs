using System.Globalization;
using System.Text.Json;
using OtelTelemetry.Exporters.Json;

namespace OtelTelemetry.Alerts.Handlers.Http;

/// <summary>What the JSON of several receivers has in common.</summary>
internal static class AlertJson
{
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, MetricJson.Writing)) write(json);
        return stream.ToArray();
    }

    public static void WriteMap(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, string>> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map) json.WriteString(key, value);
        json.WriteEndObject();
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
