using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>The settings of the OTLP exporter (section <c>Telemetry:Otlp</c>, variables <c>OTEL_EXPORTER_OTLP_*</c>).
/// What a signal sets for itself wins over what is set for all (OpenTelemetry Protocol Exporter specification).</summary>
public sealed class OtlpOptions
{
    /// <summary>Whether telemetry is sent by OTLP. Default: null, which means: when an endpoint is configured, or when
    /// <c>OTEL_TRACES_EXPORTER</c>, <c>OTEL_METRICS_EXPORTER</c> or <c>OTEL_LOGS_EXPORTER</c> names <c>otlp</c> (then for that signal).</summary>
    public bool? Enabled { get; set; }

    /// <summary>Where to send, http or https. With http/protobuf <c>/v1/traces</c>, <c>/v1/metrics</c> or <c>/v1/logs</c> is appended.
    /// Default: <c>http://localhost:4317</c> for gRPC, <c>http://localhost:4318</c> for http/protobuf.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>gRPC or http/protobuf. Default: gRPC.</summary>
    public OtlpExportProtocol Protocol { get; set; } = OtlpExportProtocol.Grpc;

    /// <summary>Headers sent with every request, for example an API key. Never logged. Default: none.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The most time one request may take. More than zero. Default: 10 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether requests are compressed. Default: not.</summary>
    public OtlpExportCompression Compression { get; set; } = OtlpExportCompression.None;

    /// <summary>How often metrics are sent. More than zero. Default: 60 seconds.</summary>
    public TimeSpan MetricExportInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The most time one collection and sending of metrics may take. More than zero. Default: 30 seconds.</summary>
    public TimeSpan MetricExportTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether sums are sent since start (cumulative) or since the last time (delta). Default: cumulative.</summary>
    public MetricReaderTemporalityPreference MetricTemporality { get; set; } = MetricReaderTemporalityPreference.Cumulative;

    /// <summary>What traces set for themselves.</summary>
    public OtlpSignalOptions Traces { get; } = new();

    /// <summary>What metrics set for themselves.</summary>
    public OtlpSignalOptions Metrics { get; } = new();

    /// <summary>What logs set for themselves.</summary>
    public OtlpSignalOptions Logs { get; } = new();

    /// <summary>How spans are gathered before they are sent.</summary>
    public OtlpBatchOptions TraceBatch { get; } = new();

    /// <summary>How log records are gathered before they are sent.</summary>
    public OtlpBatchOptions LogBatch { get; } = new() { Delay = TimeSpan.FromSeconds(1) };

    /// <summary>How requests of all signals are delivered, where that is not as for all (<c>Telemetry:Delivery</c>).</summary>
    public DestinationOptions Delivery { get; } = new();
}
