using System.Text.Json;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>
/// Reads the answer of a bulk request: status 200, and in it a status for each operation, in the order of the request. What the server cannot take now is sent
/// again, and only that. What it will never take is refused. That a document is there already means that it was taken before: its id is ours. Thread-safe.
/// </summary>
internal sealed class BulkAnswers : IAnswerReader
{
    /// <summary>The parts of an answer that are read: the server leaves out the others.</summary>
    public const string Filter = "errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

    private const int Conflict = 409;

    public int MostOfAnswer => 16 * 1024 * 1024;

    public DeliveryOutcome Read(OutboxItem item, ReadOnlyMemory<byte> answer, string server)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(answer);
        }
        catch (JsonException)
        {
            return NoAnswer(server, "its answer is not JSON");
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("errors", out var errors)) return NoAnswer(server, "its answer does not say whether there were errors");
            if (errors.ValueKind == JsonValueKind.False) return DeliveryOutcome.Delivered();
            return root.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array && BulkBody.Read(item) is { } body && body.Count == items.GetArrayLength()
                ? OfItems(item, body, items, server)
                : NoAnswer(server, "its answer is not about the records of the request");
        }
    }

    /// <summary>Nothing is known of any item. Those that are there are not doubled when all are sent again.</summary>
    private static DeliveryOutcome NoAnswer(string server, string why) =>
        DeliveryOutcome.Failed($"{server} does not answer as a bulk request is answered ({why}); see whether Endpoint is that of Elasticsearch or OpenSearch");

    private static DeliveryOutcome OfItems(OutboxItem item, BulkBody body, JsonElement items, string server)
    {
        var again = new List<int>();
        BulkError? delayed = null, refused = null;
        var (rejected, position) = (0, 0);
        foreach (var one in items.EnumerateArray())
        {
            var error = BulkError.Of(one);
            if (error.IsRetryable)
            {
                again.Add(position);
                delayed ??= error;
            }
            else if (error.Status is (< 200 or >= 300) and not Conflict)
            {
                rejected++;
                refused ??= error;
            }

            position++;
        }

        (string Problem, string Remedy)? refusal = refused is { } first ? ($"{server} refuses {rejected} of {items.GetArrayLength()} log records for ever, and they are dropped, the first with {first}", first.Remedy) : null;
        if (again.Count == 0) return DeliveryOutcome.Delivered(rejected, refusal?.Problem) with { Refusal = refusal };
        return DeliveryOutcome.Failed($"{server} does not take {again.Count} of {items.GetArrayLength()} log records now, the first with {delayed}") with
        {
            Rejected = rejected,
            Refusal = refusal,
            Rest = again.Count == items.GetArrayLength() ? null : body.Part(item, again),
        };
    }
}
