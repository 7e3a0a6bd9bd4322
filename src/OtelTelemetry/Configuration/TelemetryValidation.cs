using OtelTelemetry.Collectors.Retry;
using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters.Otlp;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Exporters.Zipkin;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing.Propagation;
using OtelTelemetry.Tracing.Store;

namespace OtelTelemetry.Configuration;

/// <summary>Checks the final values, whoever set them. Every error is found, not only the first.</summary>
internal static class TelemetryValidation
{
    /// <summary>Timers and waits of the SDK take milliseconds in an <see cref="int"/>.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    public static void Check(TelemetryOptions options, SettingReport report)
    {
        NotBlank(report, "ServiceName", options.ServiceName);
        NotBlank(report, "ServiceInstanceId", options.ServiceInstanceId);
        NoBlankNames(report, "ResourceAttributes", options.ResourceAttributes.Keys);
        Positive(report, "ShutdownTimeout", options.ShutdownTimeout);
        CheckPropagators(report, options.Propagators);

        CheckNames(report, options.Metrics);
        NoBlankNames(report, "Metrics:Meters", options.Metrics.Meters);
        AtLeastOne(report, "Metrics:MaxSeriesPerMetric", options.Metrics.MaxSeriesPerMetric);
        CheckSeries(report, options.Metrics);
        MeasurementRuleValidation.Check(report, options.Metrics.Rules);
        CheckCollectors(report, options.Metrics);
        MetricDefinitionValidation.Check(options.Metrics, report);

        NoBlankNames(report, "Traces:Sources", options.Traces.Sources);
        TracesValidation.Check(report, options.Traces);
        foreach (var path in options.Traces.ExcludedPaths) CheckPath(report, report.NameOfCollection("Traces:ExcludedPaths"), path);
        if (options.Traces.Store.Capacity is { } capacity and (< 1 or > SpanStore.LargestCapacity))
        {
            report.Error(
                report.NameOf("Traces:Store:Capacity", capacity), $"{capacity} is no number of spans that can be kept", $"Allowed: 1 to {SpanStore.LargestCapacity}; leave it out to keep none");
        }

        foreach (var path in options.Logs.ExcludedPaths) CheckPath(report, report.NameOfCollection("Logs:ExcludedPaths"), path);
        LogsValidation.Check(report, options.Logs);
        RequestsBinding.Check(report, options.Requests.Logging);
        AtLeastOne(report, "Events:MaxEvents", options.Events.MaxEvents);
        Positive(report, "Events:Retention", options.Events.Retention);
        AlertsValidation.Check(report, options.Alerts);
        CheckPrometheus(report, options.Prometheus);
        CheckOtlp(report, options.Otlp);
        CheckDelivery(report, options.Delivery);
        CheckZipkin(report, options.Zipkin);
        HealthValidation.Check(report, options.Health);
        MonitoringBinding.Check(report, options.Monitoring);
        foreach (var (name, exporter) in options.Exporters)
        {
            foreach (var (property, problem, remedy) in exporter.Check()) report.Error(report.NameOfPart($"Exporters:{name}:{property}"), problem, remedy);
        }
    }

    /// <summary>The collector checks the same when it is made; here the operator's own name for the setting is known.</summary>
    private static void CheckNames(SettingReport report, TelemetryMetricsOptions metrics)
    {
        var setting = report.NameOf("Metrics:Namespace", metrics.Namespace);
        if (metrics.Namespace is null)
        {
            report.Error(setting, "it is null", "Allowed: a name, or empty");
        }
        else if (metrics.Namespace.Length > 0 && !Holds(() => MetricNames.CheckMetricName(metrics.Namespace)))
        {
            report.Error(setting, $"'{metrics.Namespace}' cannot begin a metric's name", "Allowed: a letter, then letters, digits, '_', '.', '-' and '/'");
        }

        foreach (var label in metrics.Labels.Keys)
        {
            if (Holds(() => MetricNames.CheckLabelNames("", [label], [], reserved: null))) continue;
            report.Error(report.NameOfCollection("Metrics:Labels"), $"'{label}' is not a label name", "Allowed: names that are not empty and do not begin with '__'");
        }
    }

    private static void CheckSeries(SettingReport report, TelemetryMetricsOptions metrics)
    {
        if (metrics.IdleSeriesExpiry is { } expiry && expiry < TimeSpan.FromSeconds(1))
        {
            report.Error(report.NameOf("Metrics:IdleSeriesExpiry", metrics.IdleSeriesExpiry), $"{expiry} is less than a second", "Allowed: from 1s, longer than the longest export interval");
        }

        if (!Holds(() => MetricNames.CheckBuckets("", [.. metrics.DefaultBuckets])))
        {
            report.Error(
                report.NameOfCollection("Metrics:DefaultBuckets"),
                $"{string.Join(", ", metrics.DefaultBuckets.Select(bound => Show(bound)))} is not in ascending order",
                "Allowed: finite numbers, each larger than the one before, such as 0.1, 0.5, 1");
        }
    }

    private static void CheckCollectors(SettingReport report, TelemetryMetricsOptions metrics)
    {
        foreach (var same in metrics.Collectors.OfType<RetryCollectorOptions>().GroupBy(collector => collector.Name, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            report.Error(report.NameOfPart($"Metrics:Collectors:{metrics.Collectors.IndexOf(same.Last())}:Name"), $"there are two collectors of type Retry named '{same.Key}'", "Give each a Name of its own");
        }

        if (metrics.Unregistered is null)
        {
            report.Error("TelemetryOptions.Metrics.Unregistered", "it is null", "Allowed: UnregisteredMetrics.ByName, UnregisteredMetrics.Reject or one of your own");
        }

        if (metrics.CollectionInterval <= TimeSpan.Zero)
        {
            report.Error(report.NameOf("Metrics:CollectionInterval", metrics.CollectionInterval), $"{metrics.CollectionInterval} is no interval", "Allowed: more than zero, such as 30s, or no setting");
        }

        if (metrics.MaxUnregistered < 0)
        {
            report.Error(report.NameOf("Metrics:MaxUnregistered", metrics.MaxUnregistered), $"{metrics.MaxUnregistered} is below zero", "Allowed: from 0");
        }

        foreach (var (property, problem, remedy) in metrics.Buffer.Check())
        {
            report.Error(report.NameOfCollection($"Metrics:Buffer:{property}"), problem, remedy);
        }

        for (var i = 0; i < metrics.Collectors.Count; i++)
        {
            foreach (var (property, problem, remedy) in metrics.Collectors[i].Check())
            {
                report.Error(report.NameOfPart($"Metrics:Collectors:{i}:{property}"), problem, remedy);
            }
        }
    }

    private static bool Holds(Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void CheckPrometheus(SettingReport report, PrometheusExporterOptions prometheus)
    {
        CheckPath(report, report.NameOf("Prometheus:Path", prometheus.Path), prometheus.Path);
        if (prometheus.Port is { } port and (< 1 or > 65535))
        {
            report.Error(report.NameOf("Prometheus:Port", prometheus.Port), $"{port} is not a port", "Allowed: 1 to 65535, or no setting for the application's own port");
        }

        if (string.IsNullOrWhiteSpace(prometheus.Host) || prometheus.Host.Any(c => c is ' ' or '/' or '?' or '#'))
        {
            report.Error(report.NameOf("Prometheus:Host", prometheus.Host), $"'{prometheus.Host}' is not a host", "Allowed: a host name, an address, or + for all addresses");
        }

        if (prometheus.Prefix is null || (prometheus.Prefix.Length > 0 && !PrometheusNames.IsLegacyMetric(prometheus.Prefix)))
        {
            report.Error(
                report.NameOf("Prometheus:Prefix", prometheus.Prefix),
                $"'{prometheus.Prefix}' cannot begin a metric's name",
                "Allowed: letters, digits, '_' and ':', not beginning with a digit");
        }

        if (prometheus.CollectionCacheDuration < TimeSpan.Zero)
        {
            var cache = prometheus.CollectionCacheDuration;
            report.Error(report.NameOf("Prometheus:CollectionCacheDuration", cache), $"{Show(cache)} is negative", "Allowed: 0s and more");
        }

        Positive(report, "Prometheus:CollectionTimeout", prometheus.CollectionTimeout);
        AtLeastOne(report, "Prometheus:MaxConcurrentScrapes", prometheus.MaxConcurrentScrapes);
        if (prometheus.MaxConcurrentScrapes > 1000)
        {
            var scrapes = prometheus.MaxConcurrentScrapes;
            report.Error(report.NameOf("Prometheus:MaxConcurrentScrapes", scrapes), $"{scrapes} is too many", "Allowed: 1 to 1000");
        }

        if (prometheus.CollectionTimeout > TimeSpan.FromHours(1))
        {
            var timeout = prometheus.CollectionTimeout;
            report.Error(report.NameOf("Prometheus:CollectionTimeout", timeout), $"{Show(timeout)} is too long", "Allowed: more than 0, at most 1h");
        }
    }

    private static void CheckOtlp(SettingReport report, OtlpOptions otlp)
    {
        CheckEndpoint(report, "Otlp:Endpoint", otlp.Endpoint);
        CheckDefined(report, "Otlp:Protocol", otlp.Protocol, "grpc, http/protobuf");
        CheckDefined(report, "Otlp:Compression", otlp.Compression, "none, gzip");
        CheckHeaders(report, "Otlp:Headers", otlp.Headers);
        Positive(report, "Otlp:Timeout", otlp.Timeout);
        Positive(report, "Otlp:MetricExportInterval", otlp.MetricExportInterval);
        Positive(report, "Otlp:MetricExportTimeout", otlp.MetricExportTimeout);
        CheckDefined(report, "Otlp:MetricTemporality", otlp.MetricTemporality, "cumulative, delta, lowmemory");
        foreach (var (signal, options) in new[] { ("Traces", otlp.Traces), ("Metrics", otlp.Metrics), ("Logs", otlp.Logs) })
        {
            var path = "Otlp:" + signal;
            CheckEndpoint(report, path + ":Endpoint", options.Endpoint);
            CheckHeaders(report, path + ":Headers", options.Headers);
            if (options.Protocol is { } protocol) CheckDefined(report, path + ":Protocol", protocol, "grpc, http/protobuf");
            if (options.Compression is { } compression) CheckDefined(report, path + ":Compression", compression, "none, gzip");
            if (options.Timeout is { } timeout) Positive(report, path + ":Timeout", timeout);
        }

        CheckBatch(report, "Otlp:TraceBatch", otlp.TraceBatch);
        CheckBatch(report, "Otlp:LogBatch", otlp.LogBatch);
        CheckDestination(report, "Otlp:Delivery", otlp.Delivery);
    }

    private static void CheckZipkin(SettingReport report, ZipkinOptions zipkin)
    {
        foreach (var (path, value, problem, remedy) in ZipkinBinding.Check(zipkin)) report.Error(report.NameOf(path, value), problem, remedy);
        CheckHeaders(report, "Zipkin:Headers", zipkin.Headers);
        Positive(report, "Zipkin:Timeout", zipkin.Timeout);
        CheckBatch(report, "Zipkin:Batch", zipkin.Batch);
        CheckDestination(report, "Zipkin:Delivery", zipkin.Delivery);
    }

    private static void CheckDestination(SettingReport report, string path, DestinationOptions destination)
    {
        foreach (var (property, problem, remedy) in destination.Check()) report.Error(report.NameOfPart($"{path}:{property}"), problem, remedy);
    }

    private static void CheckDelivery(SettingReport report, DeliveryOptions delivery)
    {
        CheckDefined(report, "Delivery:Mode", delivery.Mode, "OnFailure, Outbox");
        if (delivery.Order is { } order) CheckDefined(report, "Delivery:Order", order, "InOrder, LiveFirst");
        Positive(report, "Delivery:AttemptTimeout", delivery.AttemptTimeout);
        Positive(report, "Delivery:Backoff", delivery.Backoff);
        Positive(report, "Delivery:MaxBackoff", delivery.MaxBackoff);
        Positive(report, "Delivery:PollInterval", delivery.PollInterval);
        AtLeastOne(report, "Delivery:MaxRequests", delivery.MaxRequests);
        NotBlank(report, "Delivery:Outbox:Path", delivery.Outbox.Path);
        if (delivery.MaxAttempts is { } attempts) AtLeastOne(report, "Delivery:MaxAttempts", attempts);
        if (delivery.MaxBytes is < 1) report.Error(report.NameOf("Delivery:MaxBytes", delivery.MaxBytes), $"{Show(delivery.MaxBytes.Value)} is less than 1", "Allowed: 1 and more, such as 64MiB");
        if (delivery.MaxAge <= TimeSpan.Zero) report.Error(report.NameOf("Delivery:MaxAge", delivery.MaxAge), $"{Show(delivery.MaxAge)} is not more than zero", "Allowed: more than 0, such as 24h");
        if (delivery.MaxRequestBytes < DeliveryOptions.LeastRequestBytes)
        {
            report.Error(report.NameOf("Delivery:MaxRequestBytes", delivery.MaxRequestBytes), $"{Show(delivery.MaxRequestBytes.Value)} bytes hold nothing", "Allowed: from 1024, such as 4MiB");
        }

        if (delivery.MaxBackoff > TimeSpan.FromDays(1))
        {
            report.Error(report.NameOf("Delivery:MaxBackoff", delivery.MaxBackoff), $"{Show(delivery.MaxBackoff)} is too long", "Allowed: at most a day");
        }

        if (delivery.Backoff > delivery.MaxBackoff)
        {
            report.Error(
                report.NameOf("Delivery:Backoff", delivery.Backoff), $"{Show(delivery.Backoff)} is longer than the longest wait", $"Allowed: at most {report.NameOf("Delivery:MaxBackoff", delivery.MaxBackoff)}, which is {Show(delivery.MaxBackoff)}");
        }

        if (delivery.BreakDuration < TimeSpan.FromMilliseconds(500) || delivery.BreakDuration > TimeSpan.FromDays(1))
        {
            report.Error(report.NameOf("Delivery:BreakDuration", delivery.BreakDuration), $"{Show(delivery.BreakDuration)} is out of range", "Allowed: 500ms to 24h");
        }
    }

    private static void CheckBatch(SettingReport report, string path, OtlpBatchOptions batch)
    {
        AtLeastOne(report, path + ":QueueSize", batch.QueueSize);
        AtLeastOne(report, path + ":BatchSize", batch.BatchSize);
        Positive(report, path + ":Delay", batch.Delay);
        Positive(report, path + ":ExportTimeout", batch.ExportTimeout);
        if (batch.QueueSize >= 1 && batch.BatchSize > batch.QueueSize)
        {
            report.Error(
                report.NameOf(path + ":BatchSize", batch.BatchSize),
                $"{batch.BatchSize} is more than the queue holds",
                $"Allowed: 1 to {batch.QueueSize}, which is {report.NameOf(path + ":QueueSize", batch.QueueSize)}");
        }
    }

    private static void CheckPropagators(SettingReport report, IList<string> names)
    {
        // Of the two names of the setting, the one that was used is told.
        var setting = report.NameOfCollection(report.Knows("Traces:Propagators") && !report.Knows("Propagators") ? "Traces:Propagators" : "Propagators");
        var allowed = "Allowed: " + string.Join(", ", PropagationFormats.Names) + ", or none alone";
        if (names.Count == 0) report.Error(setting, "the list is empty", allowed);
        foreach (var name in names)
        {
            if (!PropagationFormats.IsKnown(name)) report.Error(setting, $"'{name}' is not a known trace context format", allowed);
        }

        if (names.Count > 1 && names.Contains("none", StringComparer.OrdinalIgnoreCase))
        {
            report.Error(setting, "'none' stands beside other formats", allowed);
        }
    }

    private static void CheckEndpoint(SettingReport report, string path, Uri? endpoint)
    {
        if (endpoint is null || (endpoint.IsAbsoluteUri && endpoint.Scheme is "http" or "https")) return;
        report.Error(
            report.NameOf(path, endpoint),
            endpoint.IsAbsoluteUri ? $"'{endpoint.Scheme}' is not a scheme the exporter speaks" : "it is not a complete address",
            "Allowed: an http or https address such as http://localhost:4317");
    }

    private static void CheckHeaders(SettingReport report, string path, IDictionary<string, string> headers)
    {
        var position = 0;
        foreach (var (name, value) in headers)
        {
            position++;
            var readableName = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c));
            if (!readableName)
            {
                report.Error(report.NameOfCollection(path), $"the name of header {position} is not a header name", "Allowed: letters, digits and -");
            }
            else if (value is null || value.Any(c => c is < ' ' or > '~'))
            {
                report.Error(report.NameOfCollection(path), $"the value of header '{name}' (hidden) has characters that a header cannot carry", "Allowed: printable ASCII");
            }
        }
    }

    internal static void CheckPath(SettingReport report, string setting, string? path)
    {
        if (path is ['/', ..] && !path.Any(c => char.IsWhiteSpace(c) || c is '?' or '#' or '{' or '}' or '*')) return;
        report.Error(setting, $"'{path}' is not a path", "Allowed: a path that begins with '/', such as /metrics");
    }

    internal static void CheckDefined<T>(SettingReport report, string path, T value, string allowed)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) report.Error(report.NameOf(path, value), $"{value} is not defined", "Allowed: " + allowed);
    }

    private static void Positive(SettingReport report, string path, TimeSpan value)
    {
        if (value > TimeSpan.Zero && value <= Longest) return;
        report.Error(
            report.NameOf(path, value),
            value <= TimeSpan.Zero ? $"{Show(value)} is not more than zero" : $"{Show(value)} is too long",
            "Allowed: more than 0, at most 24 days");
    }

    private static void AtLeastOne(SettingReport report, string path, int value)
    {
        if (value < 1) report.Error(report.NameOf(path, value), $"{value} is less than 1", "Allowed: 1 and more");
    }

    private static void NotBlank(SettingReport report, string path, string? value)
    {
        if (value is not null && value.Trim().Length == 0) report.Error(report.NameOf(path, value), "it is empty", "Allowed: a name, or no setting at all");
    }

    private static void NoBlankNames(SettingReport report, string path, IEnumerable<string> names)
    {
        if (names.Any(string.IsNullOrWhiteSpace)) report.Error(report.NameOfCollection(path), "a name is empty", "Allowed: names that are not empty");
    }

    private static string Show(IFormattable value) => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
