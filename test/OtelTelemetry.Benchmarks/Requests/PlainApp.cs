using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks.Requests;

/// <summary>The same application with the OpenTelemetry SDK put together by hand: the same signals, the same span attributes,
/// the same two readers of metrics (a scrape and OTLP).</summary>
internal static class PlainApp
{
    internal static void Run(string url, string sink)
    {
        var builder = ShopApp.CreateBuilder(url);
        var resource = ResourceBuilder.CreateDefault().AddService("shop");
        using var meter = new Meter("Shop.Plain");
        using var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "System.Net.Http")
            .AddProcessor(new BatchActivityExportProcessor(new OtlpTraceExporter(Options(sink, "traces"))))
            .Build();
        using var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter(["Shop.Plain", .. TelemetryMetricsOptions.DefaultMeters])
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddReader(new BaseExportingMetricReader(new NoExporter()))
            .AddReader(new PeriodicExportingMetricReader(new OtlpMetricExporter(Options(sink, "metrics"))))
            .Build();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(resource);
            logs.IncludeScopes = logs.IncludeFormattedMessage = logs.ParseStateValues = true;
            logs.AddProcessor(new BatchLogRecordExportProcessor(new OtlpLogExporter(Options(sink, "logs"))));
        });
        var app = builder.Build();
        app.Use(CompleteSpanAsync);
        app.UseRouting();
        var reads = meter.CreateCounter<long>("order_reads_total");
        var seconds = meter.CreateHistogram<double>(
            "order_read_seconds", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = MetricsCollectorOptions.DurationBuckets });
        ShopApp.Run(app, (method, route, status, value) =>
        {
            reads.Add(1, new("method", method), new("route", route), new("status", status));
            seconds.Record(value, new("method", method), new("route", route), new("status", status));
        });
    }

    private static async Task CompleteSpanAsync(HttpContext context, RequestDelegate next)
    {
        await next(context).ConfigureAwait(false);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span) return;
        var request = context.Request;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? request.Method : $"{request.Method} {route}";
        span.SetTag("http.request.method", request.Method);
        span.SetTag("http.route", route);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", request.Path.Value);
        span.SetTag("server.address", request.Host.Host);
        span.SetTag("server.port", request.Host.Port);
        span.SetTag("network.protocol.version", request.Protocol == "HTTP/1.1" ? "1.1" : "2");
        if (request.Headers.UserAgent.Count > 0) span.SetTag("user_agent.original", request.Headers.UserAgent.ToString());
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    }

    private static OtlpExporterOptions Options(string sink, string signal) => new() { Endpoint = new Uri($"{sink}/v1/{signal}"), Protocol = OtlpExportProtocol.HttpProtobuf };

    private sealed class NoExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
