using OpenTelemetry.Exporter;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>One signal's final OTLP settings (OpenTelemetry Protocol Exporter specification, "Endpoint URLs for OTLP/HTTP").</summary>
internal sealed record OtlpSignal(
    Uri Endpoint, OtlpExportProtocol Protocol, IReadOnlyDictionary<string, string> Headers, TimeSpan Timeout, OtlpExportCompression Compression)
{
    public static OtlpSignal? ForTraces(TelemetryOptions options) =>
        options.Traces.Enabled ? Resolve(options.Otlp, options.Otlp.Traces, "v1/traces") : null;

    public static OtlpSignal? ForMetrics(TelemetryOptions options) =>
        options.Metrics.Enabled ? Resolve(options.Otlp, options.Otlp.Metrics, "v1/metrics") : null;

    public static OtlpSignal? ForLogs(TelemetryOptions options) =>
        options.Logs.Enabled ? Resolve(options.Otlp, options.Otlp.Logs, "v1/logs") : null;

    /// <summary>The settings in the official exporter's form. All are set, so that it takes none from the environment by itself.</summary>
    public OtlpExporterOptions ToExporterOptions()
    {
        var options = new OtlpExporterOptions
        {
            Endpoint = Endpoint,
            Protocol = Protocol,
            Headers = "",
            TimeoutMilliseconds = (int)Timeout.TotalMilliseconds,
            Compression = Compression,
        };
        if (Headers.Count == 0) return options;

        // As text, headers could hold no comma: the exporter decodes the whole before it takes it apart.
        var createClient = options.HttpClientFactory;
        options.HttpClientFactory = () =>
        {
            var client = createClient();
            foreach (var (name, value) in Headers) client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
            return client;
        };
        return options;
    }

    private static OtlpSignal? Resolve(OtlpOptions all, OtlpSignalOptions own, string path)
    {
        var on = own.Enabled ?? all.Enabled ?? (own.Endpoint is not null || all.Endpoint is not null);
        if (!on) return null;
        var protocol = own.Protocol ?? all.Protocol;
        var headers = own.Headers.Count > 0 ? own.Headers : all.Headers;
        return new OtlpSignal(
            own.Endpoint ?? Shared(all.Endpoint, protocol, path),
            protocol,
            new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase),
            own.Timeout ?? all.Timeout,
            own.Compression ?? all.Compression);
    }

    private static Uri Shared(Uri? endpoint, OtlpExportProtocol protocol, string path)
    {
        if (protocol == OtlpExportProtocol.Grpc) return endpoint ?? new Uri("http://localhost:4317");
        var builder = new UriBuilder(endpoint ?? new Uri("http://localhost:4318"));
        builder.Path = builder.Path.TrimEnd('/') + "/" + path;
        return builder.Uri;
    }
}
