using System.Globalization;
using Microsoft.AspNetCore.Routing;
using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;

namespace ApiMonitor;

/// <summary>Watches an API: requests, latency, errors and connections as they happen, and a look at them on an interval, whose values are kept.</summary>
internal sealed class ApiTelemetry : IDisposable
{
    private readonly MetricsCollector _metrics;
    private readonly Counter _requests;
    private readonly Histogram _latency;
    private readonly Counter _errors;
    private readonly Gauge _connections;

    public ApiTelemetry(MetricsRegistry registry)
    {
        _metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = "api", Registry = registry });
        _requests = _metrics.CreateCounter("requests_total", "Total API requests", "method", "path", "status");
        _latency = _metrics.CreateHistogram("request_latency_seconds", "Request latency in seconds", [0.01, 0.05, 0.1, 0.5, 1.0], "method", "path");
        _errors = _metrics.CreateCounter("errors_total", "Total API errors", "method", "path", "code");
        _connections = _metrics.CreateGauge("active_connections", "Active connections", "type");
    }

    /// <summary>Registers what is looked at on an interval.</summary>
    public void Register(PerformanceMonitor monitor)
    {
        monitor.RegisterCollector("requests", _ => Look(monitor, "requests", "requests_total"));
        monitor.RegisterCollector("errors", _ => Look(monitor, "errors", "errors_total"));
        monitor.RegisterCollector("resources", _ =>
        {
            monitor.Record("threads", ThreadPool.ThreadCount, ("state", "all"));
            monitor.Record("threads", ThreadPool.PendingWorkItemCount, ("state", "waited_for"));
            return Task.CompletedTask;
        });
    }

    /// <summary>Measures a request, whatever its end.</summary>
    public async Task Track(HttpContext context, RequestDelegate next)
    {
        var type = context.WebSockets.IsWebSocketRequest ? "websocket" : "http";
        _connections.Inc(type);
        var started = TimeProvider.System.GetTimestamp();
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        finally
        {
            _connections.Dec(type);
            TrackRequest(context, status, TimeProvider.System.GetElapsedTime(started));
        }
    }

    public void Dispose() => _metrics.Dispose();

    private void TrackRequest(HttpContext context, int status, TimeSpan duration)
    {
        // The route and not the path: /users/7 and /users/8 are one series.
        var path = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unknown";
        var method = context.Request.Method;
        var code = status.ToString(CultureInfo.InvariantCulture);
        _requests.Inc(method, path, code);
        _latency.Observe(duration.TotalSeconds, method, path);
        if (status >= 400) _errors.Inc(method, path, code);
    }

    private Task Look(PerformanceMonitor monitor, string name, string metric)
    {
        foreach (var sample in _metrics.Collect(metric)!.Samples) monitor.Record(name, sample.Value, MetricTags.From(sample.Labels));
        return Task.CompletedTask;
    }
}
