namespace OtelTelemetry.Delivery.Otlp;

/// <summary>Counts the spans, points and log records of an OTLP request (opentelemetry-proto 1.x, collector/*/v1, and what is below) without decoding it.</summary>
internal static class OtlpItems
{
    /// <summary>How many items an export request carries.</summary>
    /// <param name="message">The request, not compressed, without a frame.</param>
    /// <param name="signal">traces, metrics or logs.</param>
    public static long Count(ReadOnlySpan<byte> message, string signal)
    {
        // resource_spans, resource_metrics and resource_logs are field 1; scope_* and the items are field 2 of what is above them.
        var items = 0L;
        var resources = new ProtobufReader(message);
        while (resources.TryRead(out var field, out var resource, out _))
        {
            if (field != 1) continue;
            var scopes = new ProtobufReader(resource);
            while (scopes.TryRead(out field, out var scope, out _))
            {
                if (field != 2) continue;
                var things = new ProtobufReader(scope);
                while (things.TryRead(out field, out var thing, out _))
                {
                    if (field == 2) items += signal == "metrics" ? Points(thing) : 1;
                }
            }
        }

        return items;
    }

    private static long Points(ReadOnlySpan<byte> metric)
    {
        var points = 0L;
        var data = new ProtobufReader(metric);
        while (data.TryRead(out var field, out var kind, out _))
        {
            // gauge, sum, histogram, exponential_histogram, summary; in each, data_points is field 1.
            if (field is not (5 or 7 or 9 or 10 or 11)) continue;
            var fields = new ProtobufReader(kind);
            while (fields.TryRead(out field, out _, out _))
            {
                if (field == 1) points++;
            }
        }

        return points;
    }
}
