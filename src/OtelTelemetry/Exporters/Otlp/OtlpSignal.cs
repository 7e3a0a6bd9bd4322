using OpenTelemetry.Exporter;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>One signal's final OTLP settings (OpenTelemetry Protocol Exporter specification, "Endpoint URLs for OTLP/HTTP").</summary>
internal sealed record OtlpSignal(
    string Name, Uri Endpoint, OtlpExportProtocol Protocol, IReadOnlyDictionary<string, string> Headers, TimeSpan Timeout, OtlpExportCompression Compression)
{
    /// <summary>How its requests are delivered, where that is not as for all.</summary>
    public DestinationOptions Delivery { get; init; } = new();

    /// <summary>The name in reports, metrics and the outbox.</summary>
    public string Destination => "otlp_" + Name;

    public static OtlpSignal? ForTraces(TelemetryOptions options) =>
        options.Traces.Enabled ? Resolve("traces", options.Otlp, options.Otlp.Traces) : null;

    public static OtlpSignal? ForMetrics(TelemetryOptions options) =>
        options.Metrics.Enabled ? Resolve("metrics", options.Otlp, options.Otlp.Metrics) : null;

    public static OtlpSignal? ForLogs(TelemetryOptions options) =>
        options.Logs.Enabled ? Resolve("logs", options.Otlp, options.Otlp.Logs) : null;

    /// <summary>The settings in the official exporter's form. All are set, so that it takes none from the environment by itself.</summary>
    /// <param name="delivery">Delivers the requests; null when the exporter is to send them itself.</param>
    public OtlpExporterOptions ToExporterOptions(DeliveryMonitor? delivery)
    {
        var options = new OtlpExporterOptions
        {
            Endpoint = Endpoint,
            Protocol = Protocol,
            Headers = "",
            TimeoutMilliseconds = (int)Timeout.TotalMilliseconds,
            // The delivery compresses: it counts what it is given first.
            Compression = delivery is null ? Compression : OtlpExportCompression.None,
        };

        // The official one knows how to trust the certificates that the environment names.
        var createClient = options.HttpClientFactory;
        var destination = delivery is null ? null : OtlpDelivery.DestinationOf(this, delivery, createClient);
        if (destination is null && Headers.Count == 0) return options;
        options.HttpClientFactory = () =>
        {
            var client = destination is null ? createClient() : OtlpDelivery.CreateClient(destination);
            // As text, headers could hold no comma: the exporter decodes the whole before it takes it apart.
            foreach (var (name, value) in Headers) client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            return client;
        };
        return options;
    }

    private static OtlpSignal? Resolve(string name, OtlpOptions all, OtlpSignalOptions own)
    {
        var on = own.Enabled ?? all.Enabled ?? (own.Endpoint is not null || all.Endpoint is not null);
        if (!on) return null;
        var protocol = own.Protocol ?? all.Protocol;
        var headers = own.Headers.Count > 0 ? own.Headers : all.Headers;
        return new OtlpSignal(
            name,
            own.Endpoint ?? Shared(all.Endpoint, protocol, "v1/" + name),
            protocol,
            new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase),
            own.Timeout ?? all.Timeout,
            own.Compression ?? all.Compression)
        {
            Delivery = all.Delivery,
        };
    }

    private static Uri Shared(Uri? endpoint, OtlpExportProtocol protocol, string path)
    {
        if (protocol == OtlpExportProtocol.Grpc) return endpoint ?? new Uri("http://localhost:4317");
        var builder = new UriBuilder(endpoint ?? new Uri("http://localhost:4318"));
        builder.Path = builder.Path.TrimEnd('/') + "/" + path;
        return builder.Uri;
    }
}
