using System.Buffers;
using System.Text.Json;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>
/// The names of OpenTelemetry's log data model, in lower case; those of the trace by "Trace Context in non-OTLP Log Formats"
/// (<c>trace_id</c>, <c>span_id</c>, lower-case hexadecimal).
/// </summary>
internal sealed class OpenTelemetryLogFields : LogFields
{
    private const string TemplateName = "{OriginalFormat}";

    private static readonly JsonEncodedText s_timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText s_level = JsonEncodedText.Encode("level");
    private static readonly JsonEncodedText s_category = JsonEncodedText.Encode("category");
    private static readonly JsonEncodedText s_eventId = JsonEncodedText.Encode("event_id");
    private static readonly JsonEncodedText s_eventName = JsonEncodedText.Encode("event_name");
    private static readonly JsonEncodedText s_message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText s_template = JsonEncodedText.Encode("template");
    private static readonly JsonEncodedText s_traceId = JsonEncodedText.Encode("trace_id");
    private static readonly JsonEncodedText s_spanId = JsonEncodedText.Encode("span_id");
    private static readonly JsonEncodedText s_attributes = JsonEncodedText.Encode("attributes");
    private static readonly JsonEncodedText s_scopes = JsonEncodedText.Encode("scopes");
    private static readonly JsonEncodedText s_scopeTexts = JsonEncodedText.Encode("scope_texts");
    private static readonly JsonEncodedText s_exception = JsonEncodedText.Encode("exception");
    private static readonly JsonEncodedText s_type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText s_stackTrace = JsonEncodedText.Encode("stacktrace");
    private static readonly JsonEncodedText s_resource = JsonEncodedText.Encode("resource");

    private readonly byte[]? _resource;

    /// <param name="resource">What the logs say about where they come from. What OpenTelemetry says of itself is left out.</param>
    public OpenTelemetryLogFields(IReadOnlyDictionary<string, object> resource)
    {
        var told = resource.Where(pair => !pair.Key.StartsWith("telemetry.sdk.", StringComparison.Ordinal)).ToArray();
        if (told.Length > 0) _resource = Encode(told);
    }

    public override void Write(LogJsonWriter json, LogRecord record, LogScopes scopes)
    {
        json.WriteString(s_timestamp, record.Timestamp);
        json.WriteString(s_level, NameOf(record.LogLevel));
        json.WriteName(s_category, record.CategoryName ?? "");
        if (record.EventId.Id != 0) json.WriteNumber(s_eventId, record.EventId.Id);
        if (record.EventId.Name is { Length: > 0 } name) json.WriteName(s_eventName, name);
        var message = MessageOf(record);
        json.WriteString(s_message, message);
        WriteTrace(json, record);
        if (record.Attributes is { Count: > 0 } attributes) WriteAttributes(json, attributes, message);
        WriteScopes(json, scopes);
        if (record.Exception is { } exception) WriteException(json, exception);
        if (_resource is null) return;
        json.WritePropertyName(s_resource);
        json.WriteRawValue(_resource);
    }

    private static void WriteTrace(LogJsonWriter json, LogRecord record)
    {
        if (record.TraceId == default) return;
        json.WriteString(s_traceId, record.TraceId.ToHexString());
        json.WriteString(s_spanId, record.SpanId.ToHexString());
    }

    private static void WriteAttributes(LogJsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> attributes, string message)
    {
        string? template = null;
        var isOpen = false;
        for (var i = 0; i < attributes.Count; i++)
        {
            var (name, value) = attributes[i];
            if (name == TemplateName)
            {
                template = value as string;
                continue;
            }

            if (!isOpen) json.WriteStartObject(s_attributes);
            isOpen = true;
            LogJson.Write(json, name, value);
        }

        if (isOpen) json.WriteEndObject();
        if (template is not null && !string.Equals(template, message, StringComparison.Ordinal)) json.WriteName(s_template, template);
    }

    private static void WriteScopes(LogJsonWriter json, LogScopes scopes)
    {
        if (scopes.Values.Count > 0)
        {
            json.WriteStartObject(s_scopes);
            foreach (var (name, value) in scopes.Values) LogJson.Write(json, name, value);
            json.WriteEndObject();
        }

        if (scopes.Texts.Count == 0) return;
        json.WriteStartArray(s_scopeTexts);
        foreach (var text in scopes.Texts) json.WriteStringValue(LogJson.Text(text));
        json.WriteEndArray();
    }

    private static void WriteException(LogJsonWriter json, Exception exception)
    {
        json.WriteStartObject(s_exception);
        json.WriteString(s_type, exception.GetType().FullName);
        json.WriteString(s_message, exception.Message);
        json.WriteString(s_stackTrace, LogJson.Text(exception));
        json.WriteEndObject();
    }

    private static byte[] Encode(KeyValuePair<string, object>[] resource)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var json = new LogJsonWriter(buffer);
        json.WriteStartObject();
        foreach (var (name, value) in resource) LogJson.Write(json, name, value);
        json.WriteEndObject();
        return buffer.WrittenSpan.ToArray();
    }
}
