using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OtelTelemetry.Exporters.Json;
using OtelTelemetry.Reading.Sdk;

namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>
/// Writes a span as Zipkin v2 JSON (OpenTelemetry specification, "OpenTelemetry to Zipkin Transformation"). Zipkin's <c>shared</c> is never
/// written: in OpenTelemetry no two spans share an id.
/// </summary>
internal static class ZipkinSpanWriter
{
    private const int LongTraceId = 32;
    private const int ShortTraceId = 16;

    // What the transformation itself writes: an attribute of such a name gives way.
    private static readonly string[] s_own = ["otel.status_code", "error", "otel.scope.name", "otel.scope.version"];

    public static void Write(Utf8JsonWriter json, Activity span, ZipkinEndpoint local, bool shortTraceIds)
    {
        json.WriteStartObject();
        json.WriteString("traceId", TraceIdOf(span, shortTraceIds));
        json.WriteString("id", span.SpanId.ToHexString());
        if (span.ParentSpanId != default) json.WriteString("parentId", span.ParentSpanId.ToHexString());
        json.WriteString("name", span.DisplayName);
        if (KindOf(span.Kind) is { } kind) json.WriteString("kind", kind);
        json.WriteNumber("timestamp", Microseconds(span.StartTimeUtc));
        // Zipkin takes 0 for an unknown duration.
        json.WriteNumber("duration", Math.Max(1, span.Duration.Ticks / TimeSpan.TicksPerMicrosecond));
        local.Write(json, "localEndpoint");
        RemoteEndpoint.Of(span)?.Write(json, "remoteEndpoint");
        WriteAnnotations(json, span);
        WriteTags(json, span);
        json.WriteEndObject();
    }

    /// <summary>128 bits; an id that came from a service with 64 bits is given back as it came.</summary>
    private static string TraceIdOf(Activity span, bool isShort)
    {
        var id = span.TraceId.ToHexString();
        Debug.Assert(id.Length == LongTraceId, "The runtime's trace ids have 128 bits.");
        return isShort || id.AsSpan(0, ShortTraceId).IndexOfAnyExcept('0') < 0 ? id[^ShortTraceId..] : id;
    }

    private static string? KindOf(ActivityKind kind) => kind switch
    {
        ActivityKind.Server => "SERVER",
        ActivityKind.Client => "CLIENT",
        ActivityKind.Producer => "PRODUCER",
        ActivityKind.Consumer => "CONSUMER",
        _ => null,
    };

    private static long Microseconds(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static void WriteAnnotations(Utf8JsonWriter json, Activity span)
    {
        var begun = false;
        foreach (ref readonly var one in span.EnumerateEvents())
        {
            if (!begun) json.WriteStartArray("annotations");
            begun = true;
            json.WriteStartObject();
            json.WriteNumber("timestamp", Microseconds(one.Timestamp.UtcDateTime));
            json.WriteString("value", TextOf(one));
            json.WriteEndObject();
        }

        if (begun) json.WriteEndArray();
    }

    /// <summary>The name alone, or the name and its attributes: <c>"name": {"key": value}</c>.</summary>
    private static string TextOf(in ActivityEvent one)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, MetricJson.Writing))
        {
            var begun = false;
            foreach (ref readonly var tag in one.EnumerateTagObjects())
            {
                if (!begun)
                {
                    json.WriteStartObject();
                    json.WriteStartObject(one.Name);
                }

                begun = true;
                WriteValue(json, tag.Key, tag.Value);
            }

            if (!begun) return one.Name;
            json.WriteEndObject();
            json.WriteEndObject();
        }

        // Without the outer braces.
        return Encoding.UTF8.GetString(text.GetBuffer(), 1, (int)text.Length - 2);
    }

    private static void WriteValue(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case bool flag: json.WriteBoolean(name, flag); break;
            case sbyte or byte or short or ushort or int or uint or long: json.WriteNumber(name, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)); break;
            case float or double when double.IsFinite(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)):
                json.WriteNumber(name, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            default: json.WriteString(name, TagText.Of(value)); break;
        }
    }

    private static void WriteTags(Utf8JsonWriter json, Activity span)
    {
        json.WriteStartObject("tags");
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            // To Zipkin a tag "error" of any value means failure; in OpenTelemetry the status says that.
            if (tag.Value is not null && Array.IndexOf(s_own, tag.Key) < 0) json.WriteString(tag.Key, TagText.Of(tag.Value));
        }

        if (span.Status != ActivityStatusCode.Unset) json.WriteString("otel.status_code", span.Status == ActivityStatusCode.Ok ? "OK" : "ERROR");
        if (span.Status == ActivityStatusCode.Error) json.WriteString("error", span.StatusDescription ?? "");
        if (span.Source.Name.Length > 0) json.WriteString("otel.scope.name", span.Source.Name);
        if (!string.IsNullOrEmpty(span.Source.Version)) json.WriteString("otel.scope.version", span.Source.Version);
        json.WriteEndObject();
    }
}
