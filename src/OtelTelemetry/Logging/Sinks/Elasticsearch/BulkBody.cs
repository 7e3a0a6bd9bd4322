using OtelTelemetry.Delivery;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>The body of a bulk request, operation by operation: two lines each.</summary>
internal sealed class BulkBody
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<int> _ends = [];

    private BulkBody(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>How many operations it has.</summary>
    public int Count => _ends.Count;

    /// <returns>The body; null when it is none.</returns>
    public static BulkBody? Read(OutboxItem item)
    {
        ReadOnlyMemory<byte>? plain = item.ContentEncoding switch { "" => item.Body, "gzip" => GzipBody.Decompress(item.Body) is { } bytes ? bytes : null, _ => null };
        if (plain is null) return null;
        var body = new BulkBody(plain.Value);
        var span = plain.Value.Span;
        var lines = 0;
        for (var i = 0; i < span.Length;)
        {
            var length = span[i..].IndexOf((byte)'\n');
            if (length < 0) return null;
            i += length + 1;
            if (++lines % 2 == 0) body._ends.Add(i);
        }

        return lines % 2 == 0 ? body : null;
    }

    /// <summary>The first operations that make up about half of the bytes; at least one, and not all where there are several.</summary>
    public int Middle()
    {
        var half = _bytes.Length / 2;
        var cut = 1;
        while (cut < Count - 1 && _ends[cut] <= half) cut++;
        return cut;
    }

    /// <summary>A request with operations that follow each other.</summary>
    public OutboxItem Part(OutboxItem whole, int from, int to) => Encoded(whole, _bytes[StartOf(from).._ends[to - 1]].ToArray(), to - from);

    /// <summary>A request with some of the operations, in their order.</summary>
    public OutboxItem Part(OutboxItem whole, IReadOnlyList<int> operations)
    {
        using var body = new MemoryStream();
        foreach (var operation in operations) body.Write(_bytes.Span[StartOf(operation).._ends[operation]]);
        return Encoded(whole, body.ToArray(), operations.Count);
    }

    private static OutboxItem Encoded(OutboxItem whole, byte[] body, int items) =>
        whole with { Body = whole.ContentEncoding == "gzip" ? GzipBody.Compress(body) : body, Items = items };

    private int StartOf(int operation) => operation == 0 ? 0 : _ends[operation - 1];
}
