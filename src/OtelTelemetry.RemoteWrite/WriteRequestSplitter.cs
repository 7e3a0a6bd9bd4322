using IronSnappy;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>Splits requests of remote write (<c>prometheus.WriteRequest</c>, compressed with Snappy) between two series or what is said of two metrics.</summary>
internal sealed class WriteRequestSplitter : IRequestSplitter
{
    // timeseries and metadata.
    private static readonly int[][] s_path = [[1, 3]];

    public (OutboxItem First, OutboxItem Second)? Halve(OutboxItem item)
    {
        if (item.ContentEncoding != "snappy" || ProtobufHalves.Of(Snappy.Decode(item.Body.ToArray()), s_path) is not { } halves) return null;
        var first = Math.Min(item.Items, halves.FirstItems);
        return (item with { Body = Snappy.Encode(halves.First), Items = first }, item with { Body = Snappy.Encode(halves.Second), Items = item.Items - first });
    }
}
