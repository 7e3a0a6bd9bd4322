using OtelTelemetry.Alerts;
using OtelTelemetry.Delivery;
using OtelTelemetry.Events;
using OtelTelemetry.Exporters.Otlp;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Exporters.Zipkin;
using OtelTelemetry.Health;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Requests;
using OtelTelemetry.Tracing.Sampling;
using OtelTelemetry.Tracing.Sampling.Tail;

namespace OtelTelemetry.Configuration;

/// <summary>Lays options made by a program over those that were bound: what differs from the default was set in code, and wins.</summary>
internal static class TelemetryOptionsOverlay
{
    private static readonly TelemetryOptions s_defaults = new();

    public static void Apply(TelemetryOptions source, TelemetryOptions target)
    {
        Take(source, target, s_defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, s_defaults, options => options.ServiceName, (options, value) => options.ServiceName = value);
        Take(source, target, s_defaults, options => options.ServiceVersion, (options, value) => options.ServiceVersion = value);
        Take(source, target, s_defaults, options => options.ServiceInstanceId, (options, value) => options.ServiceInstanceId = value);
        Take(source, target, s_defaults, options => options.Environment, (options, value) => options.Environment = value);
        Take(source, target, s_defaults, options => options.ShutdownTimeout, (options, value) => options.ShutdownTimeout = value);
        Take(source.ResourceAttributes, target.ResourceAttributes);
        Take(source.Propagators, target.Propagators, s_defaults.Propagators);
        Apply(source.Metrics, target.Metrics, s_defaults.Metrics);
        Apply(source.Traces, target.Traces, s_defaults.Traces);
        Apply(source.Logs, target.Logs, s_defaults.Logs);
        Apply(source.Requests, target.Requests, s_defaults.Requests);
        Apply(source.Events, target.Events, s_defaults.Events);
        Apply(source.Alerts, target.Alerts, s_defaults.Alerts);
        Apply(source.Prometheus, target.Prometheus, s_defaults.Prometheus);
        Apply(source.Otlp, target.Otlp, s_defaults.Otlp);
        Apply(source.Zipkin, target.Zipkin, s_defaults.Zipkin);
        foreach (var (name, exporter) in source.Exporters) target.Exporters[name] = exporter;
        Apply(source.Delivery, target.Delivery, s_defaults.Delivery);
        Apply(source.Health, target.Health, s_defaults.Health);
        Apply(source.Monitoring, target.Monitoring, s_defaults.Monitoring);
    }

    private static void Apply(MonitoringOptions source, MonitoringOptions target, MonitoringOptions defaults)
    {
        Take(source, target, defaults, options => options.Interval, (options, value) => options.Interval = value);
        Take(source, target, defaults, options => options.Timeout, (options, value) => options.Timeout = value);
        Take(source, target, defaults, options => options.Jitter, (options, value) => options.Jitter = value);
        Take(source, target, defaults, options => options.Retries, (options, value) => options.Retries = value);
        Take(source, target, defaults, options => options.RetryDelay, (options, value) => options.RetryDelay = value);
        Take(source, target, defaults, options => options.HistorySize, (options, value) => options.HistorySize = value);
        foreach (var (name, metric) in source.Metrics) target.Metrics[name] = metric;
        Take(source.System, target.System, defaults.System, options => options.Enabled, (options, value) => options.Enabled = value);
        foreach (var ((_, from), (_, to), (_, standard)) in source.System.All.Zip(target.System.All, defaults.System.All))
        {
            Take(from, to, standard, options => options.Enabled, (options, value) => options.Enabled = value);
            Take(from, to, standard, options => options.Interval, (options, value) => options.Interval = value);
            if (from is DeviceCollectorOptions devices) Take(devices.Exclude, ((DeviceCollectorOptions)to).Exclude, ((DeviceCollectorOptions)standard).Exclude);
        }
    }

    private static void Apply(TelemetryMetricsOptions source, TelemetryMetricsOptions target, TelemetryMetricsOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Namespace, (options, value) => options.Namespace = value);
        Take(source, target, defaults, options => options.MaxSeriesPerMetric, (options, value) => options.MaxSeriesPerMetric = value);
        Take(source, target, defaults, options => options.IdleSeriesExpiry, (options, value) => options.IdleSeriesExpiry = value);
        Take(source.Labels, target.Labels);
        Take(source.DefaultBuckets, target.DefaultBuckets, defaults.DefaultBuckets);
        Take(source.Meters, target.Meters, defaults.Meters);
        Take(source.Rules, target.Rules, defaults.Rules);
        Take(source, target, defaults, options => options.CollectionInterval, (options, value) => options.CollectionInterval = value);
        Take(source, target, defaults, options => options.Unregistered, (options, value) => options.Unregistered = value);
        Take(source, target, defaults, options => options.MaxUnregistered, (options, value) => options.MaxUnregistered = value);
        Take(source.Buffer, target.Buffer, defaults.Buffer, options => options.BatchSize, (options, value) => options.BatchSize = value);
        Take(source.Buffer, target.Buffer, defaults.Buffer, options => options.Capacity, (options, value) => options.Capacity = value);
        Take(source.Buffer, target.Buffer, defaults.Buffer, options => options.FlushInterval, (options, value) => options.FlushInterval = value);
        Take(source.Buffer, target.Buffer, defaults.Buffer, options => options.WriteTimeout, (options, value) => options.WriteTimeout = value);
        Take(source.Collectors, target.Collectors, defaults.Collectors);
        foreach (var definition in source.Definitions) target.Definitions.Add(definition);
    }

    private static void Apply(TelemetryTracesOptions source, TelemetryTracesOptions target, TelemetryTracesOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.SamplingRate, (options, value) => options.SamplingRate = value);
        Take(source.Sources, target.Sources, defaults.Sources);
        Take(source.ExcludedPaths, target.ExcludedPaths, defaults.ExcludedPaths);
        Take(source, target, defaults, options => options.ForwardRequestId, (options, value) => options.ForwardRequestId = value);
        Take(source.Store, target.Store, defaults.Store, options => options.Capacity, (options, value) => options.Capacity = value);
        Apply(source.Sampling, target.Sampling, defaults.Sampling);
        Apply(source.TailSampling, target.TailSampling, defaults.TailSampling);
        Take(source.Processors, target.Processors, defaults.Processors);
    }

    private static void Apply(TailSamplingOptions source, TailSamplingOptions target, TailSamplingOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.KeepErrors, (options, value) => options.KeepErrors = value);
        Take(source, target, defaults, options => options.SlowerThan, (options, value) => options.SlowerThan = value);
        Take(source, target, defaults, options => options.SlowPercentile, (options, value) => options.SlowPercentile = value);
        Take(source, target, defaults, options => options.Rate, (options, value) => options.Rate = value);
        Take(source, target, defaults, options => options.TracesPerSecond, (options, value) => options.TracesPerSecond = value);
        Take(source, target, defaults, options => options.Burst, (options, value) => options.Burst = value);
        Take(source, target, defaults, options => options.MaxTraces, (options, value) => options.MaxTraces = value);
        Take(source, target, defaults, options => options.MaxSpansPerTrace, (options, value) => options.MaxSpansPerTrace = value);
        Take(source, target, defaults, options => options.MaxSpans, (options, value) => options.MaxSpans = value);
        Take(source, target, defaults, options => options.MaxAge, (options, value) => options.MaxAge = value);
        Take(source, target, defaults, options => options.MaxDecisions, (options, value) => options.MaxDecisions = value);
        Take(source, target, defaults, options => options.MaxRoutes, (options, value) => options.MaxRoutes = value);
    }

    private static void Apply(TraceSamplingOptions source, TraceSamplingOptions target, TraceSamplingOptions defaults)
    {
        Take(source, target, defaults, options => options.Rate, (options, value) => options.Rate = value);
        Take(source, target, defaults, options => options.Consistent, (options, value) => options.Consistent = value);
        Take(source, target, defaults, options => options.TracesPerSecond, (options, value) => options.TracesPerSecond = value);
        Take(source, target, defaults, options => options.Burst, (options, value) => options.Burst = value);
        Take(source.Rules, target.Rules, defaults.Rules);
        Take(source.Parent, target.Parent, defaults.Parent, options => options.RemoteSampled, (options, value) => options.RemoteSampled = value);
        Take(source.Parent, target.Parent, defaults.Parent, options => options.RemoteNotSampled, (options, value) => options.RemoteNotSampled = value);
        Take(source.Parent, target.Parent, defaults.Parent, options => options.LocalSampled, (options, value) => options.LocalSampled = value);
        Take(source.Parent, target.Parent, defaults.Parent, options => options.LocalNotSampled, (options, value) => options.LocalNotSampled = value);
    }

    private static void Apply(TelemetryRequestsOptions source, TelemetryRequestsOptions target, TelemetryRequestsOptions defaults)
    {
        Take(source, target, defaults, options => options.BodySizes, (options, value) => options.BodySizes = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.SampleRate, (options, value) => options.SampleRate = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.SlowerThan, (options, value) => options.SlowerThan = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.Level, (options, value) => options.Level = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.ClientErrorLevel, (options, value) => options.ClientErrorLevel = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.ServerErrorLevel, (options, value) => options.ServerErrorLevel = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.Query, (options, value) => options.Query = value);
        Take(source.Logging, target.Logging, defaults.Logging, options => options.ClientAddress, (options, value) => options.ClientAddress = value);
        Take(source.Logging.ExcludedPaths, target.Logging.ExcludedPaths, defaults.Logging.ExcludedPaths);
    }

    private static void Apply(TelemetryLogsOptions source, TelemetryLogsOptions target, TelemetryLogsOptions defaults)
    {
        Take(source, target, defaults, options => options.Level, (options, value) => options.Level = value);
        Take(source, target, defaults, options => options.SpanExceptions, (options, value) => options.SpanExceptions = value);
        foreach (var (category, level) in source.Levels) target.Levels[category] = level;
        Take(source.Requests, target.Requests, defaults.Requests, options => options.Header, (options, value) => options.Header = value);
        Take(source.Requests, target.Requests, defaults.Requests, options => options.Secret, (options, value) => options.Secret = value);
        Take(source.Requests, target.Requests, defaults.Requests, options => options.SampleRate, (options, value) => options.SampleRate = value);
        Take(source.Requests, target.Requests, defaults.Requests, options => options.Level, (options, value) => options.Level = value);
        Take(source.Requests, target.Requests, defaults.Requests, options => options.Until, (options, value) => options.Until = value);
        foreach (var (name, sink) in source.Sinks) target.Sinks[name] = sink;
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.IncludeScopes, (options, value) => options.IncludeScopes = value);
        Take(source, target, defaults, options => options.IncludeFormattedMessage, (options, value) => options.IncludeFormattedMessage = value);
        Take(source.ExcludedPaths, target.ExcludedPaths, defaults.ExcludedPaths);
        Take(source.Processors, target.Processors, defaults.Processors);
        Take(source.Store, target.Store, defaults.Store, options => options.Capacity, (options, value) => options.Capacity = value);
        Take(source.Store, target.Store, defaults.Store, options => options.MaxBytes, (options, value) => options.MaxBytes = value);
    }

    private static void Apply(TelemetryEventsOptions source, TelemetryEventsOptions target, TelemetryEventsOptions defaults)
    {
        Take(source, target, defaults, options => options.MaxEvents, (options, value) => options.MaxEvents = value);
        Take(source, target, defaults, options => options.Retention, (options, value) => options.Retention = value);
        Take(source, target, defaults, options => options.LogRecords, (options, value) => options.LogRecords = value);
    }

    private static void Apply(TelemetryAlertsOptions source, TelemetryAlertsOptions target, TelemetryAlertsOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Interval, (options, value) => options.Interval = value);
        Take(source, target, defaults, options => options.GroupWait, (options, value) => options.GroupWait = value);
        Take(source, target, defaults, options => options.GroupInterval, (options, value) => options.GroupInterval = value);
        Take(source, target, defaults, options => options.RepeatInterval, (options, value) => options.RepeatInterval = value);
        Take(source.Labels, target.Labels);
        Take(source.GroupBy, target.GroupBy, defaults.GroupBy);
        foreach (var (name, rule) in source.Rules) target.Rules[name] = rule;
        foreach (var (name, handler) in source.Handlers) target.Handlers[name] = handler;
        foreach (var (name, silence) in source.Silences) target.Silences[name] = silence;
        Take(source.Inhibitions, target.Inhibitions, defaults.Inhibitions);
    }

    private static void Apply(PrometheusExporterOptions source, PrometheusExporterOptions target, PrometheusExporterOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Path, (options, value) => options.Path = value);
        Take(source, target, defaults, options => options.Port, (options, value) => options.Port = value);
        Take(source, target, defaults, options => options.Host, (options, value) => options.Host = value);
        Take(source, target, defaults, options => options.Prefix, (options, value) => options.Prefix = value);
        Take(source, target, defaults, options => options.ScopeLabels, (options, value) => options.ScopeLabels = value);
        Take(source, target, defaults, options => options.TargetInfo, (options, value) => options.TargetInfo = value);
        Take(source, target, defaults, options => options.Exemplars, (options, value) => options.Exemplars = value);
        Take(source, target, defaults, options => options.Utf8Names, (options, value) => options.Utf8Names = value);
        Take(source, target, defaults, options => options.CollectionCacheDuration, (options, value) => options.CollectionCacheDuration = value);
        Take(source, target, defaults, options => options.CollectionTimeout, (options, value) => options.CollectionTimeout = value);
        Take(source, target, defaults, options => options.MaxConcurrentScrapes, (options, value) => options.MaxConcurrentScrapes = value);
    }

    private static void Apply(OtlpOptions source, OtlpOptions target, OtlpOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Endpoint, (options, value) => options.Endpoint = value);
        Take(source, target, defaults, options => options.Protocol, (options, value) => options.Protocol = value);
        Take(source, target, defaults, options => options.Timeout, (options, value) => options.Timeout = value);
        Take(source, target, defaults, options => options.Compression, (options, value) => options.Compression = value);
        Take(source, target, defaults, options => options.MetricExportInterval, (options, value) => options.MetricExportInterval = value);
        Take(source, target, defaults, options => options.MetricExportTimeout, (options, value) => options.MetricExportTimeout = value);
        Take(source, target, defaults, options => options.MetricTemporality, (options, value) => options.MetricTemporality = value);
        Take(source.Headers, target.Headers);
        Apply(source.Traces, target.Traces, defaults.Traces);
        Apply(source.Metrics, target.Metrics, defaults.Metrics);
        Apply(source.Logs, target.Logs, defaults.Logs);
        Apply(source.TraceBatch, target.TraceBatch, defaults.TraceBatch);
        Apply(source.LogBatch, target.LogBatch, defaults.LogBatch);
        Apply(source.Delivery, target.Delivery, defaults.Delivery);
    }

    private static void Apply(ZipkinOptions source, ZipkinOptions target, ZipkinOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Endpoint, (options, value) => options.Endpoint = value);
        Take(source, target, defaults, options => options.Timeout, (options, value) => options.Timeout = value);
        Take(source, target, defaults, options => options.MaxRequestBytes, (options, value) => options.MaxRequestBytes = value);
        Take(source, target, defaults, options => options.ShortTraceIds, (options, value) => options.ShortTraceIds = value);
        Take(source, target, defaults, options => options.LocalEndpoint.ServiceName, (options, value) => options.LocalEndpoint.ServiceName = value);
        Take(source, target, defaults, options => options.LocalEndpoint.IpAddress, (options, value) => options.LocalEndpoint.IpAddress = value);
        Take(source, target, defaults, options => options.LocalEndpoint.Port, (options, value) => options.LocalEndpoint.Port = value);
        Take(source.Headers, target.Headers);
        Apply(source.Batch, target.Batch, defaults.Batch);
        Apply(source.Delivery, target.Delivery, defaults.Delivery);
    }

    private static void Apply(DeliveryOptions source, DeliveryOptions target, DeliveryOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Mode, (options, value) => options.Mode = value);
        Take(source, target, defaults, options => options.Order, (options, value) => options.Order = value);
        Take(source, target, defaults, options => options.AttemptTimeout, (options, value) => options.AttemptTimeout = value);
        Take(source, target, defaults, options => options.MaxAttempts, (options, value) => options.MaxAttempts = value);
        Take(source, target, defaults, options => options.Backoff, (options, value) => options.Backoff = value);
        Take(source, target, defaults, options => options.MaxBackoff, (options, value) => options.MaxBackoff = value);
        Take(source, target, defaults, options => options.BreakDuration, (options, value) => options.BreakDuration = value);
        Take(source, target, defaults, options => options.MaxBytes, (options, value) => options.MaxBytes = value);
        Take(source, target, defaults, options => options.MaxRequests, (options, value) => options.MaxRequests = value);
        Take(source, target, defaults, options => options.MaxAge, (options, value) => options.MaxAge = value);
        Take(source, target, defaults, options => options.MaxRequestBytes, (options, value) => options.MaxRequestBytes = value);
        Take(source, target, defaults, options => options.PollInterval, (options, value) => options.PollInterval = value);
        Take(source, target, defaults, options => options.Gzip, (options, value) => options.Gzip = value);
        Take(source.Outbox, target.Outbox, defaults.Outbox, options => options.Path, (options, value) => options.Path = value);
    }

    private static void Apply(TelemetryHealthOptions source, TelemetryHealthOptions target, TelemetryHealthOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Interval, (options, value) => options.Interval = value);
        Take(source, target, defaults, options => options.Jitter, (options, value) => options.Jitter = value);
        Take(source, target, defaults, options => options.Timeout, (options, value) => options.Timeout = value);
        Take(source, target, defaults, options => options.UnhealthyThreshold, (options, value) => options.UnhealthyThreshold = value);
        Take(source, target, defaults, options => options.HealthyThreshold, (options, value) => options.HealthyThreshold = value);
        Take(source, target, defaults, options => options.StartupGrace, (options, value) => options.StartupGrace = value);
        Take(source, target, defaults, options => options.HistorySize, (options, value) => options.HistorySize = value);
        Take(source, target, defaults, options => options.LivenessPath, (options, value) => options.LivenessPath = value);
        Take(source, target, defaults, options => options.ReadinessPath, (options, value) => options.ReadinessPath = value);
        Take(source, target, defaults, options => options.DegradedStatusCode, (options, value) => options.DegradedStatusCode = value);
        Take(source, target, defaults, options => options.UnhealthyStatusCode, (options, value) => options.UnhealthyStatusCode = value);
        Take(source, target, defaults, options => options.Details, (options, value) => options.Details = value);
        Take(source, target, defaults, options => options.DetailsPolicy, (options, value) => options.DetailsPolicy = value);
        foreach (var (name, check) in source.Checks) target.Checks[name] = check;
    }

    private static void Apply(DestinationOptions source, DestinationOptions target, DestinationOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Mode, (options, value) => options.Mode = value);
        Take(source, target, defaults, options => options.Order, (options, value) => options.Order = value);
        Take(source, target, defaults, options => options.AttemptTimeout, (options, value) => options.AttemptTimeout = value);
        Take(source, target, defaults, options => options.MaxAttempts, (options, value) => options.MaxAttempts = value);
        Take(source, target, defaults, options => options.Backoff, (options, value) => options.Backoff = value);
        Take(source, target, defaults, options => options.MaxBackoff, (options, value) => options.MaxBackoff = value);
        Take(source, target, defaults, options => options.MaxBytes, (options, value) => options.MaxBytes = value);
        Take(source, target, defaults, options => options.MaxRequests, (options, value) => options.MaxRequests = value);
        Take(source, target, defaults, options => options.MaxAge, (options, value) => options.MaxAge = value);
        Take(source, target, defaults, options => options.MaxRequestBytes, (options, value) => options.MaxRequestBytes = value);
        Take(source, target, defaults, options => options.Gzip, (options, value) => options.Gzip = value);
    }

    private static void Apply(OtlpSignalOptions source, OtlpSignalOptions target, OtlpSignalOptions defaults)
    {
        Take(source, target, defaults, options => options.Enabled, (options, value) => options.Enabled = value);
        Take(source, target, defaults, options => options.Endpoint, (options, value) => options.Endpoint = value);
        Take(source, target, defaults, options => options.Protocol, (options, value) => options.Protocol = value);
        Take(source, target, defaults, options => options.Timeout, (options, value) => options.Timeout = value);
        Take(source, target, defaults, options => options.Compression, (options, value) => options.Compression = value);
        Take(source.Headers, target.Headers);
    }

    private static void Apply(OtlpBatchOptions source, OtlpBatchOptions target, OtlpBatchOptions defaults)
    {
        Take(source, target, defaults, options => options.QueueSize, (options, value) => options.QueueSize = value);
        Take(source, target, defaults, options => options.BatchSize, (options, value) => options.BatchSize = value);
        Take(source, target, defaults, options => options.Delay, (options, value) => options.Delay = value);
        Take(source, target, defaults, options => options.ExportTimeout, (options, value) => options.ExportTimeout = value);
    }

    private static void Take<TOptions, T>(TOptions source, TOptions target, TOptions defaults, Func<TOptions, T> get, Action<TOptions, T> set)
    {
        var value = get(source);
        if (!EqualityComparer<T>.Default.Equals(value, get(defaults))) set(target, value);
    }

    private static void Take<T>(IList<T> source, IList<T> target, IList<T> defaults)
    {
        if (source.SequenceEqual(defaults)) return;
        target.Clear();
        foreach (var item in source) target.Add(item);
    }

    private static void Take(IDictionary<string, string> source, IDictionary<string, string> target)
    {
        foreach (var (name, value) in source) target[name] = value;
    }
}
