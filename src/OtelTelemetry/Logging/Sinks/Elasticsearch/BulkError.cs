using System.Text.Json;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>What the server says of one operation. Immutable.</summary>
/// <param name="Status">The status, as of an HTTP request for it alone.</param>
/// <param name="Type">The kind of error; empty where there is none.</param>
/// <param name="Reason">The error for people; empty where there is none.</param>
internal readonly record struct BulkError(int Status, string Type, string Reason)
{
    /// <summary>Whether another time it may be taken: the server is busy or not whole, or the cluster takes nothing at the moment (such as with a full disk, which it tells as 403).</summary>
    public bool IsRetryable => Status is 408 or 429 or >= 500 || Type == "cluster_block_exception";

    /// <summary>What to do about one that is never taken.</summary>
    public string Remedy => Type switch
    {
        "mapper_parsing_exception" or "document_parsing_exception" or "strict_dynamic_mapping_exception" =>
            "Mend the mapping of the index (an index template), so that the field takes such values, or leave the field out with a log processor",
        "illegal_argument_exception" when Reason.Contains("total fields", StringComparison.Ordinal) =>
            "Log fewer different names, or raise index.mapping.total_fields.limit, or map labels as flattened in an index template",
        "index_not_found_exception" => "Make the index or data stream, or allow it to be made (action.auto_create_index)",
        "security_exception" => "Give the user or key the privileges to create documents and indices of that name",
        "invalid_index_name_exception" => "Give another Index",
        _ => "See what the server says, and mend it there or in the settings of the sink",
    };

    /// <summary>Reads one of the items of an answer.</summary>
    public static BulkError Of(JsonElement item)
    {
        // {"create":{"status":400,"error":{"type":…,"reason":…,"caused_by":{"reason":…}}}}
        if (item.ValueKind != JsonValueKind.Object) return new BulkError(500, "", "no answer about it");
        foreach (var operation in item.EnumerateObject())
        {
            if (operation.Value.ValueKind != JsonValueKind.Object) break;
            var status = operation.Value.TryGetProperty("status", out var number) && number.TryGetInt32(out var code) ? code : 500;
            if (!operation.Value.TryGetProperty("error", out var error)) return new BulkError(status, "", "");
            if (error.ValueKind != JsonValueKind.Object) return new BulkError(status, "", error.ToString());
            var cause = error.TryGetProperty("caused_by", out var inner) && inner.ValueKind == JsonValueKind.Object ? Text(inner, "reason") : "";
            var reason = Text(error, "reason");
            return new BulkError(status, Text(error, "type"), cause.Length == 0 ? reason : $"{reason} ({cause})");
        }

        return new BulkError(500, "", "no answer about it");
    }

    /// <summary>Status, kind and reason in one line.</summary>
    public override string ToString() => $"{Status} {Type}: {Reason}".TrimEnd(' ', ':').ReplaceLineEndings(" ");

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
