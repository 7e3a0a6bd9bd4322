using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OtelTelemetry;
using OtelTelemetry.Logging.Sinks.Console;
using OtelTelemetry.Logging.Sinks.Elasticsearch;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Logs.Attributes;
using OtelTelemetry.Processors.Logs.Filter;
using OtelTelemetry.Tracing;

namespace Samples;

/// <summary>What the ClusterDB telemetry document shows, in C#.</summary>
public static class ClusterDbSamples
{
    /// <summary>"Metrics Configuration", as YAML: snake_case names are those of the settings.</summary>
    public const string Settings = """
        telemetry:
          service_name: api-service
          environment: production
          metrics:
            labels:
              team: platform
              region: us-west
            definitions:
              http_requests_total:
                type: counter
                help: Total HTTP requests
                labels: [method, path, status]
              request_duration_seconds:
                type: histogram
                labels: [method, path]
                buckets: [0.01, 0.05, 0.1, 0.5, 1.0]
          prometheus:
            path: /metrics
        """;

    /// <summary>"Health Checks": HealthConfig with a TCP, an HTTP and a script check.</summary>
    public const string HealthSettings = """
        telemetry:
          health:
            liveness_path: /health
            readiness_path: /ready
            interval: 30s
            timeout: 5s
            unhealthy_threshold: 3
            healthy_threshold: 2
            checks:
              database:
                type: tcp
                host: database
                port: 5432
              redis:
                type: http
                url: http://redis:8001/health
                method: GET
                expected_status: [200]
              disk-space:
                type: script
                command: check-disk-space
                arguments: [--threshold, "90"]
                interval: 5m
                timeout: 30s
                unhealthy_threshold: 2
                healthy_threshold: 1
        """;

    /// <summary>"Logging Configuration", as YAML: level, format, console, file with rotation, Elasticsearch; fields that are added, paths that are left out.</summary>
    /// <param name="folder">Where the file goes.</param>
    /// <param name="elasticsearch">The server's address.</param>
    public static string LoggingSettings(string folder, Uri elasticsearch) => $"""
        telemetry:
          service_name: api-service
          service_version: 1.0.0
          environment: production
          logs:
            level: information
            excluded_paths: [/health, /metrics]
            processors:
              - type: AddAttributes
                from_resource: [service.name, service.version]
            sinks:
              console:
                pretty: true
              file:
                path: {folder}/app.log
                format: json
                max_file_bytes: 100MiB
                max_files: 5
                compress: true
              elasticsearch:
                endpoint: {elasticsearch}
                index: logs-%Y.%m.%d
                buffer_size: 1000
                flush_interval: 1s
        """;

    /// <summary>The same in code.</summary>
    /// <param name="telemetry">The telemetry.</param>
    /// <param name="folder">Where the file goes.</param>
    public static TelemetryBuilder ConfigureLogging(TelemetryBuilder telemetry, string folder) => telemetry
        .AddConsoleLogs(new ConsoleLogOptions { Pretty = true })
        .AddFileLogs(new FileLogOptions { Path = Path.Combine(folder, "app.log"), MaxFileBytes = 100 * 1024 * 1024, MaxFiles = 5, Compress = true })
        .AddElasticsearchLogs(new ElasticsearchLogOptions { Endpoint = new Uri("http://elasticsearch:9200"), Index = "logs-%Y.%m.%d" })
        .AddLogProcessor(new AddLogAttributesOptions { FromResource = ["service.name", "service.version"] })
        .AddLogProcessor(new LogFilterOptions { Path = "/health" })
        .AddLogProcessor(new LogFilterOptions { Path = "/metrics" });

    /// <summary>"Structured Logging": get_logger("api"), info(...) and error(...) with context.</summary>
    /// <param name="telemetry">The telemetry.</param>
    /// <param name="processRequest">What fails.</param>
    public static async Task StructuredLogging(TelemetryManager telemetry, Func<Task> processRequest)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        ArgumentNullException.ThrowIfNull(processRequest);
        var logger = telemetry.GetLogger("api");
        logger.Information("Processing request", ("method", "GET"), ("path", "/api/users"), ("user_id", 4711), ("duration_ms", 12));
        try
        {
            await processRequest();
        }
        catch (InvalidOperationException exception)
        {
            logger.Error("Request failed", ("error", exception), ("method", "GET"), ("path", "/api/users"), ("status", 500));
        }
    }

    /// <summary>"Metrics Collection": create_counter(...).with_labels(...), create_histogram(...).with_buckets(...).</summary>
    public static void MetricsCollection(MetricsCollector collector)
    {
        var requests = collector.CreateCounter("http_requests_total", "Total HTTP requests", "method", "path", "status");
        requests.With(("method", "GET"), ("path", "/api/users"), ("status", "200")).Inc();

        var duration = collector.CreateHistogram("request_duration_seconds", "", [0.01, 0.05, 0.1, 0.5, 1.0], "method", "path");
        duration.With(("method", "GET"), ("path", "/api/users")).Observe(0.23);
    }

    /// <summary>The same metrics, declared in <see cref="Settings"/> and found by their names.</summary>
    public static async Task<TelemetryManager> DeclaredMetrics()
    {
        using var yaml = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Settings));
        var configuration = new ConfigurationBuilder().AddTelemetryYamlStream(yaml).Build();
        var telemetry = await TelemetryManager.StartAsync(configuration: configuration).ConfigureAwait(false);

        telemetry.Metrics.GetCounter("http_requests_total").Inc("GET", "/api/users", "200");
        telemetry.Metrics.GetHistogram("request_duration_seconds").Observe(0.23, "GET", "/api/users");
        return telemetry;
    }

    /// <summary>"Tracing": with_parent(...), with_attributes(...), add_event(...), record_error(...), set_status(...), end().</summary>
    public static async Task Tracing(SimpleTracer tracer, Func<Task> executeQuery)
    {
        ArgumentNullException.ThrowIfNull(tracer);
        ArgumentNullException.ThrowIfNull(executeQuery);
        var root = tracer.StartSpan("handle_request", default, ActivityKind.Server, attributes: [new("http.request.method", "GET"), new("url.path", "/api/users")]);
        var query = tracer.StartSpan("query_database", root, ActivityKind.Client, attributes: [new("db.system.name", "postgresql"), new("db.query.text", "SELECT * FROM users")]);
        query.AddEvent("query_start", ("query_id", "123"));
        try
        {
            await executeQuery();
        }
        catch (InvalidOperationException exception)
        {
            query.RecordException(exception); // With error.type.
        }

        query.AddEvent("query_complete");
        query.End();

        root.SetStatus(ActivityStatusCode.Ok);
        root.End();
    }

    /// <summary>"Trace Creation": get_tracer("app"), one span and its events.</summary>
    public static async Task TraceCreation(TelemetryManager telemetry, Func<Task> processRequest)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        ArgumentNullException.ThrowIfNull(processRequest);
        using var span = telemetry.Tracer.StartSpan("process_request");
        span.SetAttribute("request_id", "req-123");

        span.AddEvent("starting_process");
        await processRequest();
        span.AddEvent("completed_process");
    }
}
