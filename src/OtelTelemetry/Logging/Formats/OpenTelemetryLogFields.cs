using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>
/// The names of OpenTelemetry's log data model, in lower case; those of the trace by "Trace Context in non-OTLP Log Formats"
/// (<c>trace_id</c>, <c>span_id</c>, lower-case hexadecimal).
/// </summary>
internal sealed class OpenTelemetryLogFields : LogFields
{
    private static readonly EncodedText s_timestamp = EncodedText.Encode("timestamp");
    private static readonly EncodedText s_level = EncodedText.Encode("level");
    private static readonly EncodedText s_category = EncodedText.Encode("category");
    private static readonly EncodedText s_eventId = EncodedText.Encode("event_id");
    private static readonly EncodedText s_eventName = EncodedText.Encode("event_name");
    private static readonly EncodedText s_message = EncodedText.Encode("message");
    private static readonly EncodedText s_template = EncodedText.Encode("template");
    private static readonly EncodedText s_traceId = EncodedText.Encode("trace_id");
    private static readonly EncodedText s_spanId = EncodedText.Encode("span_id");
    private static readonly EncodedText s_attributes = EncodedText.Encode("attributes");
    private static readonly EncodedText s_scopes = EncodedText.Encode("scopes");
    private static readonly EncodedText s_scopeTexts = EncodedText.Encode("scope_texts");
    private static readonly EncodedText s_exception = EncodedText.Encode("exception");
    private static readonly EncodedText s_type = EncodedText.Encode("type");
    private static readonly EncodedText s_stackTrace = EncodedText.Encode("stacktrace");
    private static readonly EncodedText s_resource = EncodedText.Encode("resource");

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
        var count = attributes.Count;
        for (var i = 0; i < count; i++)
        {
            var (name, value) = attributes[i];
            if (name == LogTemplate.Name)
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
        var buffer = new LogBuffer(256);
        var json = new LogJsonWriter(buffer);
        json.WriteStartObject();
        foreach (var (name, value) in resource) LogJson.Write(json, name, value);
        json.WriteEndObject();
        return buffer.Written.ToArray();
    }
}
