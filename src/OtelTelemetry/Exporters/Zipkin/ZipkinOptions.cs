using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters.Otlp;

namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>The settings of the exporter of spans to Zipkin (section <c>Telemetry:Zipkin</c>, variables <c>OTEL_EXPORTER_ZIPKIN_*</c>).</summary>
public sealed class ZipkinOptions
{
    /// <summary>Whether spans are sent to Zipkin. Default: null, which means: when an endpoint is configured, or when <c>OTEL_TRACES_EXPORTER</c> names <c>zipkin</c>.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Where to send, http or https, with its path. Default: <c>http://localhost:9411/api/v2/spans</c>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Headers sent with every request, for example an API key. Never logged. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The most time one request may take. More than zero. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes of one request, from 1024; more spans are sent in further ones. A span that alone is larger is dropped and counted. Default: 1,048,576.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>Whether only the last 64 bits of trace ids are sent, for old servers. Default: false.</summary>
    public bool ShortTraceIds { get; set; }

    /// <summary>What Zipkin shows as the place where the spans were made.</summary>
    public ZipkinEndpointOptions LocalEndpoint { get; } = new();

    /// <summary>How spans are gathered before they are sent.</summary>
    public OtlpBatchOptions Batch { get; } = new();

    /// <summary>How requests are delivered, where that is not as for all (<c>Telemetry:Delivery</c>).</summary>
    public DestinationOptions Delivery { get; } = new();
}
