using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>Splits bulk requests between two operations. Thread-safe.</summary>
internal sealed class BulkSplitter : IRequestSplitter
{
    public (OutboxItem First, OutboxItem Second)? Halve(OutboxItem item)
    {
        if (BulkBody.Read(item) is not { Count: > 1 } body) return null;
        var cut = body.Middle();
        return (body.Part(item, 0, cut), body.Part(item, cut, body.Count));
    }
}
