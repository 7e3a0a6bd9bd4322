using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Delivery.Otlp;

/// <summary>Splits export requests of OTLP, of both transports, between two spans, log records or metrics. Resource and scope are in both parts.</summary>
/// <param name="signal">traces, metrics or logs.</param>
internal sealed class OtlpSplitter(string signal) : IRequestSplitter
{
    // resource_*, then scope_*, then the items (opentelemetry-proto 1.x, collector/*/v1).
    private static readonly int[][] s_path = [[1], [2], [2]];

    public (OutboxItem First, OutboxItem Second)? Halve(OutboxItem item)
    {
        var isGrpc = DeliveryRoute.IsGrpcContent(item.ContentType);
        if (MessageOf(item, isGrpc) is not { } message || ProtobufHalves.Of(message, s_path) is not { } halves) return null;
        var first = Math.Min(item.Items, OtlpItems.Count(halves.First, signal));
        return (PartOf(item, halves.First, isGrpc, first), PartOf(item, halves.Second, isGrpc, item.Items - first));
    }

    private static byte[]? MessageOf(OutboxItem item, bool isGrpc)
    {
        var body = item.Body;
        if (!isGrpc)
        {
            if (!item.ContentType.StartsWith("application/x-protobuf", StringComparison.OrdinalIgnoreCase)) return null;
            return item.ContentEncoding switch { "" => body.ToArray(), "gzip" => GzipBody.Decompress(body), _ => null };
        }

        if (!GrpcFrame.IsCompressed(body.Span)) return GrpcFrame.Message(body.Span).ToArray();
        return item.ContentEncoding == "gzip" ? GzipBody.Decompress(body[GrpcFrame.HeaderLength..]) : null;
    }

    private static OutboxItem PartOf(OutboxItem whole, byte[] message, bool isGrpc, long items)
    {
        var isZipped = whole.ContentEncoding == "gzip";
        var body = isGrpc
            ? isZipped ? GrpcFrame.Compressed(message) : GrpcFrame.Of(message)
            : isZipped ? GzipBody.Compress(message) : message;
        return whole with { Body = body, Items = items };
    }
}
