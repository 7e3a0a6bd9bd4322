using OtelTelemetry.Alerts;
using OtelTelemetry.Delivery;
using OtelTelemetry.Events;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Otlp;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Exporters.Zipkin;
using OtelTelemetry.Health;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Requests;

namespace OtelTelemetry;

/// <summary>
/// All settings of the telemetry of one application. Each value comes from the first of: code (the callback of
/// <c>AddPepperTelemetry</c>), an <c>OTEL_*</c> variable, section <c>Telemetry</c> of the configuration, the default.
/// Values are read when the providers are built; later changes have no effect. Not thread-safe.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>Whether there is any telemetry at all. When false, metrics still count in memory, and nothing else is made.
    /// Default: true, or false where <c>OTEL_SDK_DISABLED=true</c>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The service's name (<c>service.name</c>). Default: <c>OTEL_SERVICE_NAME</c>, then <c>service.name</c> of
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c>, then the host's application name, then the entry assembly's.</summary>
    public string? ServiceName { get; set; }

    /// <summary>The service's version (<c>service.version</c>). Default: the entry assembly's informational version.</summary>
    public string? ServiceVersion { get; set; }

    /// <summary>What tells this instance from the service's others (<c>service.instance.id</c>). Default: a new random id for every process start.</summary>
    public string? ServiceInstanceId { get; set; }

    /// <summary>Where the service runs (<c>deployment.environment.name</c>). Default: the host's environment name in lower case; none without a host.</summary>
    public string? Environment { get; set; }

    /// <summary>Further resource attributes; <c>OTEL_RESOURCE_ATTRIBUTES</c> adds to them. Default: none.</summary>
    public IDictionary<string, string> ResourceAttributes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The trace context formats read from and written to requests, in this order: <c>tracecontext</c>, <c>baggage</c>,
    /// <c>b3</c>, <c>b3multi</c>; or <c>none</c> alone. Default: <c>OTEL_PROPAGATORS</c>, then tracecontext and baggage.</summary>
    public IList<string> Propagators { get; } = ["tracecontext", "baggage"];

    /// <summary>The most time the stop of the application waits for telemetry to be sent. More than zero. Default: 5 seconds.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The settings of metrics.</summary>
    public TelemetryMetricsOptions Metrics { get; } = new();

    /// <summary>The settings of traces.</summary>
    public TelemetryTracesOptions Traces { get; } = new();

    /// <summary>The settings of logs.</summary>
    public TelemetryLogsOptions Logs { get; } = new();

    /// <summary>The settings of what is told of each request to a web application.</summary>
    public TelemetryRequestsOptions Requests { get; } = new();

    /// <summary>The settings of events.</summary>
    public TelemetryEventsOptions Events { get; } = new();

    /// <summary>The settings of alerts.</summary>
    public TelemetryAlertsOptions Alerts { get; } = new();

    /// <summary>The settings of the Prometheus endpoint.</summary>
    public PrometheusExporterOptions Prometheus { get; } = new();

    /// <summary>The exporters of metrics by name; each name once, of one type there may be several. Default: none beside Prometheus and OTLP.</summary>
    public IDictionary<string, MetricsExporterOptions> Exporters { get; } = new Dictionary<string, MetricsExporterOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings of the OTLP exporter.</summary>
    public OtlpOptions Otlp { get; } = new();

    /// <summary>The settings of the exporter of spans to Zipkin.</summary>
    public ZipkinOptions Zipkin { get; } = new();

    /// <summary>The settings of the application's <see cref="PerformanceMonitor"/>.</summary>
    public MonitoringOptions Monitoring { get; } = new();

    /// <summary>The settings of the delivery of everything that leaves over HTTP.</summary>
    public DeliveryOptions Delivery { get; } = new();

    /// <summary>The settings of health checks.</summary>
    public TelemetryHealthOptions Health { get; } = new();
}
