using OpenTelemetry.Exporter;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>Lets the requests of the official OTLP exporters be delivered as all others.</summary>
internal static class OtlpDelivery
{
    /// <summary>What a receiver takes by gRPC unless it is told otherwise.</summary>
    private const int MaxRequestBytes = 4 * 1024 * 1024;

    /// <summary>A signal's destination: <c>otlp_traces</c>, <c>otlp_metrics</c>, <c>otlp_logs</c>. What an ended process left for it can go at once.</summary>
    public static DeliveryDestination DestinationOf(OtlpSignal signal, DeliveryMonitor delivery, Func<HttpClient> createClient)
    {
        var options = signal.Delivery.Over(delivery.Options with { AttemptTimeout = signal.Timeout, Gzip = signal.Compression == OtlpExportCompression.GZip });
        options.MaxRequestBytes ??= MaxRequestBytes;
        var destination = delivery.GetOrAdd(signal.Destination, signal.Name, options, isOtlp: true, () =>
        {
            var client = createClient();
            client.Timeout = Timeout.InfiniteTimeSpan; // The delivery has its own.
            return client;
        });
        destination.Learn(RouteOf(signal));
        return destination;
    }

    public static HttpClient CreateClient(DeliveryDestination destination) =>
        new(new DeliveryHandler(destination, new SocketsHttpHandler { ActivityHeadersPropagator = null }));

    private static DeliveryRoute RouteOf(OtlpSignal signal)
    {
        var isGrpc = signal.Protocol == OtlpExportProtocol.Grpc;
        var headers = signal.Headers.Select(header => KeyValuePair.Create<string, string[]>(header.Key, [header.Value]));
        if (!isGrpc) return new DeliveryRoute(HttpMethod.Post, signal.Endpoint, headers, isGrpc);
        var service = signal.Name switch { "traces" => "trace.v1.TraceService", "metrics" => "metrics.v1.MetricsService", _ => "logs.v1.LogsService" };
        var address = new UriBuilder(signal.Endpoint);
        address.Path = $"{address.Path.TrimEnd('/')}/opentelemetry.proto.collector.{service}/Export";
        return new DeliveryRoute(HttpMethod.Post, address.Uri, [.. headers, KeyValuePair.Create<string, string[]>("TE", ["trailers"])], isGrpc);
    }
}
