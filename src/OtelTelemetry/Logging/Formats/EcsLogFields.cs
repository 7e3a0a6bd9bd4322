using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Formats;

/// <summary>
/// The names of the Elastic Common Schema (ECS 8.11: base, log, event, error, service, tracing). Values of the record and its scopes are
/// <c>labels</c>, and numbers among them <c>numeric_labels</c>, so that one name never has two types in an index; a dot in a name becomes an underscore, as
/// the schema asks for labels.
/// </summary>
internal sealed class EcsLogFields : LogFields
{
    private static readonly EncodedText s_timestamp = EncodedText.Encode("@timestamp");
    private static readonly EncodedText s_level = EncodedText.Encode("log.level");
    private static readonly EncodedText s_message = EncodedText.Encode("message");
    private static readonly EncodedText s_version = EncodedText.Encode("ecs.version");
    private static readonly EncodedText s_versionText = EncodedText.Encode("8.11.0");
    private static readonly EncodedText s_logger = EncodedText.Encode("log.logger");
    private static readonly EncodedText s_code = EncodedText.Encode("event.code");
    private static readonly EncodedText s_action = EncodedText.Encode("event.action");
    private static readonly EncodedText s_traceId = EncodedText.Encode("trace.id");
    private static readonly EncodedText s_spanId = EncodedText.Encode("span.id");
    private static readonly EncodedText s_errorType = EncodedText.Encode("error.type");
    private static readonly EncodedText s_errorMessage = EncodedText.Encode("error.message");
    private static readonly EncodedText s_errorStackTrace = EncodedText.Encode("error.stack_trace");
    private static readonly EncodedText s_labels = EncodedText.Encode("labels");
    private static readonly EncodedText s_numericLabels = EncodedText.Encode("numeric_labels");
    private static readonly EncodedText s_tags = EncodedText.Encode("tags");

    // What the schema calls what OpenTelemetry calls otherwise; other names of the resource are the same in both.
    private static readonly (string Resource, string Field)[] s_resourceFields =
    [
        ("service.name", "service.name"),
        ("service.version", "service.version"),
        ("service.instance.id", "service.node.name"),
        ("deployment.environment.name", "service.environment"),
        ("host.name", "host.name"),
    ];

    private readonly (EncodedText Field, EncodedText Value)[] _resource;

    /// <param name="resource">What the logs say about where they come from.</param>
    public EcsLogFields(IReadOnlyDictionary<string, object> resource) =>
        _resource = [.. s_resourceFields.Where(pair => resource.ContainsKey(pair.Resource)).Select(pair => (EncodedText.Encode(pair.Field), EncodedText.Encode(LogJson.Text(resource[pair.Resource]))))];

    public override void Write(LogJsonWriter json, LogRecord record, LogScopes scopes)
    {
        json.WriteString(s_timestamp, record.Timestamp);
        json.WriteString(s_level, NameOf(record.LogLevel));
        json.WriteString(s_message, MessageOf(record));
        json.WriteString(s_version, s_versionText);
        json.WriteName(s_logger, record.CategoryName ?? "");
        foreach (var (field, value) in _resource) json.WriteString(field, value);
        if (record.EventId.Id != 0) WriteCode(json, record.EventId.Id);
        if (record.EventId.Name is { Length: > 0 } name) json.WriteName(s_action, name);
        if (record.TraceId != default)
        {
            json.WriteString(s_traceId, record.TraceId.ToHexString());
            json.WriteString(s_spanId, record.SpanId.ToHexString());
        }

        WriteLabels(json, record, scopes, s_labels, numeric: false);
        WriteLabels(json, record, scopes, s_numericLabels, numeric: true);
        if (scopes.Texts.Count > 0)
        {
            json.WriteStartArray(s_tags);
            foreach (var text in scopes.Texts) json.WriteStringValue(LogJson.Text(text));
            json.WriteEndArray();
        }

        if (record.Exception is not { } exception) return;
        json.WriteString(s_errorType, exception.GetType().FullName);
        json.WriteString(s_errorMessage, exception.Message);
        json.WriteString(s_errorStackTrace, LogJson.Text(exception));
    }

    private static void WriteCode(LogJsonWriter json, int id)
    {
        Span<char> text = stackalloc char[11];
        id.TryFormat(text, out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString(s_code, text[..written]);
    }

    private static void WriteLabels(LogJsonWriter json, LogRecord record, LogScopes scopes, EncodedText field, bool numeric)
    {
        var isOpen = false;
        var attributes = record.Attributes;
        for (var i = 0; i < attributes?.Count; i++)
        {
            var (name, value) = attributes[i];
            if (name != LogTemplate.Name && !Has(attributes, name, i + 1)) isOpen |= WriteLabel(json, name, value, field, numeric, isOpen);
        }

        for (var i = 0; i < scopes.Values.Count; i++)
        {
            var (name, value) = scopes.Values[i];
            if (!Has(attributes, name, 0) && !Has(scopes.Values, name, i + 1)) isOpen |= WriteLabel(json, name, value, field, numeric, isOpen);
        }

        if (isOpen) json.WriteEndObject();
    }

    private static bool WriteLabel(LogJsonWriter json, string name, object? value, EncodedText field, bool numeric, bool isOpen)
    {
        if (value is null || IsNumber(value) != numeric) return false;
        if (!isOpen) json.WriteStartObject(field);
        if (name.Contains('.', StringComparison.Ordinal)) name = name.Replace('.', '_');
        if (numeric) LogJson.Write(json, name, value);
        else json.WriteString(name, LogJson.Text(value));
        return true;
    }

    private static bool IsNumber(object value) =>
        value is int or long or decimal or short or byte or uint or ulong or ushort or sbyte || (value is double number && double.IsFinite(number)) || (value is float single && float.IsFinite(single));

    /// <summary>Whether a label of that name comes at a place or later: an object with one name twice is no document to a server. Of several the last one counts.</summary>
    private static bool Has(IReadOnlyList<KeyValuePair<string, object?>>? attributes, string name, int from)
    {
        for (var i = from; i < attributes?.Count; i++)
        {
            if (IsSameLabel(attributes[i].Key, name)) return true;
        }

        return false;
    }

    private static bool IsSameLabel(string left, string right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i] && (left[i] is not ('.' or '_') || right[i] is not ('.' or '_'))) return false;
        }

        return true;
    }
}
