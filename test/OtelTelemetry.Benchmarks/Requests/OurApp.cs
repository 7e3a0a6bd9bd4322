using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks.Requests;

/// <summary>The application with this library's defaults and OTLP push.</summary>
internal static class OurApp
{
    internal static void Run(string url, string sink, string outbox)
    {
        var builder = ShopApp.CreateBuilder(url);
        builder.Configuration["Telemetry:ServiceName"] = "shop";
        builder.Configuration["Telemetry:Otlp:Endpoint"] = sink;
        builder.Configuration["Telemetry:Otlp:Protocol"] = "http/protobuf";
        var telemetry = builder.AddPepperTelemetry();
        if (outbox.Length > 0) telemetry.AddSqliteOutbox(outbox);
        var app = builder.Build();
        app.MapPepperTelemetry();
        var metrics = app.Services.GetRequiredService<MetricsCollector>();
        var reads = metrics.CreateCounter("order_reads_total", "", "method", "route", "status");
        var seconds = metrics.CreateHistogram("order_read_seconds", "", "method", "route", "status");
        ShopApp.Run(app, (method, route, status, value) =>
        {
            reads.Inc(method, route, status);
            seconds.Observe(value, method, route, status);
        });
    }
}
