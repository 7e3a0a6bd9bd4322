using Microsoft.Extensions.Logging;
using OtelTelemetry.Delivery;
using OtelTelemetry.Events;
using OtelTelemetry.Exporters.Otlp;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Configuration;

/// <summary>The table of all settings: which key and which variable gives which property its value.</summary>
internal static class TelemetryBinding
{
    public static void Bind(SettingBinder binder, TelemetryOptions options)
    {
        binder.Bind("Enabled", Parse.Boolean, value => options.Enabled = value);
        binder.BindMap("ResourceAttributes", values => Add(options.ResourceAttributes, values), "OTEL_RESOURCE_ATTRIBUTES", variableAdds: true);
        binder.Bind("ServiceName", Parse.Text, value => options.ServiceName = value, "OTEL_SERVICE_NAME");
        binder.Bind("ServiceVersion", Parse.Text, value => options.ServiceVersion = value);
        binder.Bind("ServiceInstanceId", Parse.Text, value => options.ServiceInstanceId = value);
        binder.Bind("Environment", Parse.Text, value => options.Environment = value);
        TakeServiceFromVariable(binder, options);
        binder.BindList("Traces:Propagators", values => Replace(options.Propagators, values));
        binder.BindList("Propagators", values => Replace(options.Propagators, values), "OTEL_PROPAGATORS");
        binder.Bind("ShutdownTimeout", Parse.Duration, value => options.ShutdownTimeout = value);
        BindMetrics(binder, options.Metrics);
        TracesBinding.Bind(binder, options.Traces);
        BindLogs(binder, options.Logs);
        RequestsBinding.Bind(binder, options.Requests);
        BindEvents(binder, options.Events);
        AlertsBinding.Bind(binder, options.Alerts);
        BindPrometheus(binder, options.Prometheus);
        BindOtlp(binder, options.Otlp);
        ZipkinBinding.Bind(binder, options.Zipkin);
        ExporterBinding.Bind(binder, options.Exporters);
        BindDelivery(binder, options.Delivery);
        HealthBinding.Bind(binder, options.Health);
        MonitoringBinding.Bind(binder, options.Monitoring);
    }

    /// <summary>What <c>OTEL_RESOURCE_ATTRIBUTES</c> says of the service beats the section; <c>OTEL_SERVICE_NAME</c> beats both (OpenTelemetry resource SDK specification).</summary>
    private static void TakeServiceFromVariable(SettingBinder binder, TelemetryOptions options)
    {
        if (binder.Text("OTEL_RESOURCE_ATTRIBUTES") is not { } text || Parse.Map(text).Value is not { } attributes) return;
        if (binder.Text("OTEL_SERVICE_NAME") is null && attributes.TryGetValue("service.name", out var name)) options.ServiceName = name;
        if (attributes.TryGetValue("service.version", out var version)) options.ServiceVersion = version;
        if (attributes.TryGetValue("service.instance.id", out var instance)) options.ServiceInstanceId = instance;
        if (attributes.TryGetValue("deployment.environment.name", out var environment)) options.Environment = environment;
    }

    private static void BindMetrics(SettingBinder binder, TelemetryMetricsOptions metrics)
    {
        binder.Bind("Metrics:Enabled", Parse.Boolean, value => metrics.Enabled = value);
        binder.Bind("Metrics:Namespace", Parse.Text, value => metrics.Namespace = value);
        binder.BindMap("Metrics:Labels", values => Replace(metrics.Labels, values));
        binder.Bind("Metrics:MaxSeriesPerMetric", Parse.Integer, value => metrics.MaxSeriesPerMetric = value);
        binder.Bind("Metrics:IdleSeriesExpiry", Parse.OptionalDuration, value => metrics.IdleSeriesExpiry = value);
        binder.BindNumbers("Metrics:DefaultBuckets", values => Replace(metrics.DefaultBuckets, values));
        binder.BindList("Metrics:Meters", values => Replace(metrics.Meters, values));
        MeasurementRuleBinding.Bind(binder, metrics.Rules);
        binder.Bind("Metrics:CollectionInterval", Parse.OptionalDuration, value => metrics.CollectionInterval = value);
        binder.Bind("Metrics:Unregistered", Parse.Unregistered, value => metrics.Unregistered = value);
        binder.Bind("Metrics:MaxUnregistered", Parse.Integer, value => metrics.MaxUnregistered = value);
        binder.Bind("Metrics:Buffer:BatchSize", Parse.Integer, value => metrics.Buffer.BatchSize = value);
        binder.Bind("Metrics:Buffer:Capacity", Parse.Integer, value => metrics.Buffer.Capacity = value);
        binder.Bind("Metrics:Buffer:FlushInterval", Parse.Duration, value => metrics.Buffer.FlushInterval = value);
        binder.Bind("Metrics:Buffer:WriteTimeout", Parse.Duration, value => metrics.Buffer.WriteTimeout = value);
        CollectorBinding.Bind(binder, metrics.Collectors);
        MetricDefinitionBinding.Bind(binder, metrics.Definitions);
    }

    private static void BindLogs(SettingBinder binder, TelemetryLogsOptions logs)
    {
        binder.Bind("Logs:Enabled", Parse.Boolean, value => logs.Enabled = value);
        binder.Bind("Logs:Level", Parse.Name<LogLevel>, value => logs.Level = value);
        binder.BindMap("Logs:Levels", Parse.Name<LogLevel>, values =>
        {
            foreach (var (category, level) in values) logs.Levels[category] = level;
        });
        binder.Bind("Logs:Requests:Header", Parse.Text, value => logs.Requests.Header = value);
        binder.Bind("Logs:Requests:Secret", Parse.Text, value => logs.Requests.Secret = value);
        binder.Bind("Logs:Requests:SampleRate", Parse.Number, value => logs.Requests.SampleRate = value);
        binder.Bind("Logs:Requests:Level", Parse.Name<LogLevel>, value => logs.Requests.Level = value);
        binder.Bind("Logs:Requests:Until", Parse.OptionalTime, value => logs.Requests.Until = value);
        binder.Bind("Logs:SpanExceptions", Parse.Boolean, value => logs.SpanExceptions = value);
        binder.Bind("Logs:IncludeScopes", Parse.Boolean, value => logs.IncludeScopes = value);
        binder.Bind("Logs:IncludeFormattedMessage", Parse.Boolean, value => logs.IncludeFormattedMessage = value);
        binder.Bind("Logs:Store:Capacity", Parse.OptionalInteger, value => logs.Store.Capacity = value);
        binder.Bind("Logs:Store:MaxBytes", Parse.OptionalSize, value => logs.Store.MaxBytes = value ?? logs.Store.MaxBytes);
        LogSinkBinding.Bind(binder, logs.Sinks);
        binder.BindList("Logs:ExcludedPaths", values => Replace(logs.ExcludedPaths, values));
        LogProcessorBinding.Bind(binder, logs.Processors);
    }

    private static void BindEvents(SettingBinder binder, TelemetryEventsOptions events)
    {
        binder.Bind("Events:MaxEvents", Parse.Integer, value => events.MaxEvents = value);
        binder.Bind("Events:Retention", Parse.Duration, value => events.Retention = value);
        binder.Bind("Events:LogRecords", Parse.Boolean, value => events.LogRecords = value);
    }

    private static void BindPrometheus(SettingBinder binder, PrometheusExporterOptions prometheus)
    {
        binder.Bind("Prometheus:Enabled", Parse.Boolean, value => prometheus.Enabled = value);
        binder.Bind("Prometheus:Path", Parse.Text, value => prometheus.Path = value);
        binder.Bind("Prometheus:Port", Parse.OptionalInteger, value => prometheus.Port = value, "OTEL_EXPORTER_PROMETHEUS_PORT");
        binder.Bind("Prometheus:Host", Parse.Text, value => prometheus.Host = value, "OTEL_EXPORTER_PROMETHEUS_HOST");
        binder.Bind("Prometheus:Prefix", Parse.Text, value => prometheus.Prefix = value);
        binder.Bind("Prometheus:ScopeLabels", Parse.Boolean, value => prometheus.ScopeLabels = value);
        binder.Bind("Prometheus:TargetInfo", Parse.Boolean, value => prometheus.TargetInfo = value);
        binder.Bind("Prometheus:Exemplars", Parse.Boolean, value => prometheus.Exemplars = value);
        binder.Bind("Prometheus:Utf8Names", Parse.Boolean, value => prometheus.Utf8Names = value);
        binder.Bind("Prometheus:CollectionCacheDuration", Parse.Duration, value => prometheus.CollectionCacheDuration = value);
        binder.Bind("Prometheus:CollectionTimeout", Parse.Duration, value => prometheus.CollectionTimeout = value);
        binder.Bind("Prometheus:MaxConcurrentScrapes", Parse.Integer, value => prometheus.MaxConcurrentScrapes = value);
    }

    private static void BindOtlp(SettingBinder binder, OtlpOptions otlp)
    {
        binder.Bind("Otlp:Enabled", Parse.OptionalBoolean, value => otlp.Enabled = value);
        binder.Bind("Otlp:Endpoint", Parse.Endpoint, value => otlp.Endpoint = value, "OTEL_EXPORTER_OTLP_ENDPOINT");
        binder.Bind("Otlp:Protocol", Parse.Protocol, value => otlp.Protocol = value, "OTEL_EXPORTER_OTLP_PROTOCOL");
        binder.BindMap("Otlp:Headers", values => Replace(otlp.Headers, values), "OTEL_EXPORTER_OTLP_HEADERS");
        binder.Bind("Otlp:Timeout", Parse.Duration, value => otlp.Timeout = value, "OTEL_EXPORTER_OTLP_TIMEOUT", Parse.Milliseconds);
        binder.Bind("Otlp:Compression", Parse.Compression, value => otlp.Compression = value, "OTEL_EXPORTER_OTLP_COMPRESSION");
        binder.Bind("Otlp:MetricExportInterval", Parse.Duration, value => otlp.MetricExportInterval = value, "OTEL_METRIC_EXPORT_INTERVAL", Parse.Milliseconds);
        binder.Bind("Otlp:MetricExportTimeout", Parse.Duration, value => otlp.MetricExportTimeout = value, "OTEL_METRIC_EXPORT_TIMEOUT", Parse.Milliseconds);
        binder.Bind("Otlp:MetricTemporality", Parse.Temporality, value => otlp.MetricTemporality = value, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE");
        BindSignal(binder, "Traces", otlp.Traces);
        BindSignal(binder, "Metrics", otlp.Metrics);
        BindSignal(binder, "Logs", otlp.Logs);
        BindBatch(binder, "Otlp:TraceBatch", "OTEL_BSP", otlp.TraceBatch);
        BindBatch(binder, "Otlp:LogBatch", "OTEL_BLRP", otlp.LogBatch);
        DestinationBinding.Bind(binder, "Otlp:Delivery", otlp.Delivery);
    }

    private static void BindDelivery(SettingBinder binder, DeliveryOptions delivery)
    {
        binder.Bind("Delivery:Enabled", Parse.Boolean, value => delivery.Enabled = value);
        binder.Bind("Delivery:Mode", Parse.DeliveryMode, value => delivery.Mode = value);
        binder.Bind("Delivery:Order", Parse.OptionalDeliveryOrder, value => delivery.Order = value);
        binder.Bind("Delivery:AttemptTimeout", Parse.Duration, value => delivery.AttemptTimeout = value);
        binder.Bind("Delivery:MaxAttempts", Parse.OptionalInteger, value => delivery.MaxAttempts = value);
        binder.Bind("Delivery:Backoff", Parse.Duration, value => delivery.Backoff = value);
        binder.Bind("Delivery:MaxBackoff", Parse.Duration, value => delivery.MaxBackoff = value);
        binder.Bind("Delivery:BreakDuration", Parse.Duration, value => delivery.BreakDuration = value);
        binder.Bind("Delivery:MaxBytes", Parse.OptionalSize, value => delivery.MaxBytes = value);
        binder.Bind("Delivery:MaxRequests", Parse.Integer, value => delivery.MaxRequests = value);
        binder.Bind("Delivery:MaxAge", Parse.Duration, value => delivery.MaxAge = value);
        binder.Bind("Delivery:MaxRequestBytes", Parse.OptionalSize, value => delivery.MaxRequestBytes = value);
        binder.Bind("Delivery:PollInterval", Parse.Duration, value => delivery.PollInterval = value);
        binder.Bind("Delivery:Gzip", Parse.Boolean, value => delivery.Gzip = value);
        binder.Bind("Delivery:Outbox:Path", Parse.Text, value => delivery.Outbox.Path = value);
    }

    private static void BindSignal(SettingBinder binder, string signal, OtlpSignalOptions options)
    {
        var path = "Otlp:" + signal;
        var variable = "OTEL_EXPORTER_OTLP_" + signal.ToUpperInvariant();
        binder.Bind(path + ":Enabled", Parse.OptionalBoolean, value => options.Enabled = value);
        binder.Bind(path + ":Endpoint", Parse.Endpoint, value => options.Endpoint = value, variable + "_ENDPOINT");
        binder.Bind(path + ":Protocol", Parse.OptionalProtocol, value => options.Protocol = value, variable + "_PROTOCOL");
        binder.BindMap(path + ":Headers", values => Replace(options.Headers, values), variable + "_HEADERS");
        binder.Bind(path + ":Timeout", Parse.OptionalDuration, value => options.Timeout = value, variable + "_TIMEOUT", Parse.OptionalMilliseconds);
        binder.Bind(path + ":Compression", Parse.OptionalCompression, value => options.Compression = value, variable + "_COMPRESSION");
    }

    internal static void BindBatch(SettingBinder binder, string path, string variable, OtlpBatchOptions options)
    {
        binder.Bind(path + ":QueueSize", Parse.Integer, value => options.QueueSize = value, variable + "_MAX_QUEUE_SIZE");
        binder.Bind(path + ":BatchSize", Parse.Integer, value => options.BatchSize = value, variable + "_MAX_EXPORT_BATCH_SIZE");
        binder.Bind(path + ":Delay", Parse.Duration, value => options.Delay = value, variable + "_SCHEDULE_DELAY", Parse.Milliseconds);
        binder.Bind(path + ":ExportTimeout", Parse.Duration, value => options.ExportTimeout = value, variable + "_EXPORT_TIMEOUT", Parse.Milliseconds);
    }

    private static void Add(IDictionary<string, string> target, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values) target[name] = value;
    }

    private static void Replace(IDictionary<string, string> target, IReadOnlyDictionary<string, string> values)
    {
        target.Clear();
        Add(target, values);
    }

    private static void Replace<T>(IList<T> target, IReadOnlyList<T> values)
    {
        target.Clear();
        foreach (var value in values) target.Add(value);
    }
}
