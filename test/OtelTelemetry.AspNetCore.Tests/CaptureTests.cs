using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OtelTelemetry.AspNetCore.Tests.Support;
using OtelTelemetry.Metrics;
using OtelTelemetry.Testing;

namespace OtelTelemetry.AspNetCore.Tests;

/// <summary>The test kit with a web application: what it does for a request belongs to its capture, and to no other.</summary>
[Parallelizable(ParallelScope.All)]
public class CaptureTests
{
    private static readonly ActivitySource s_source = new("capture.tests.shop");
    private static readonly Meter s_meter = new("capture.tests.shop");
    private static readonly Counter<int> s_carts = s_meter.CreateCounter<int>("carts");

    [Test]
    public async Task What_an_application_does_for_a_request_is_captured([Values] bool realServer, [Values(1, 2)] int orders)
    {
        using var telemetry = TelemetryCapture.Start();
        await using var host = await WebHost.Start(
            app => app.MapGet("/orders/{id:int}", async (int id, MetricsCollector metrics, ILogger<CaptureTests> logger) =>
            {
                using var span = s_source.StartActivity("look up");
                await Task.Yield();
                s_carts.Add(id);
                metrics.CreateCounter("lookups_total").Inc();
                logger.LogInformation("looked up {Order}", id);
                return Results.Ok();
            }),
            builder => builder.Services.AddTelemetryCapture(telemetry), null, realServer, ("Telemetry:Metrics:Namespace", "shop"));

        for (var i = 0; i < orders; i++) await host.Client.GetAsync(new Uri("/orders/7", UriKind.Relative));

        (await telemetry.WaitForSpanAsync("GET /orders/{id:int}", orders)).ShouldBeRecorded(orders).ShouldHaveAttribute("http.response.status_code", 200).ShouldHaveChild("look up");
        telemetry.Span("look up").ShouldBeRecorded(orders);
        telemetry.Metric("carts").ShouldBe(7 * orders);
        telemetry.Metric("shop_lookups_total").ShouldBe(orders);
        telemetry.Metric("http.server.request.duration").WithLabels(("http.route", "/orders/{id:int}")).ShouldHaveCount(orders);
        telemetry.Log("looked up {Order}").ShouldBeRecorded(orders).ShouldHaveValue("Order", 7);
    }

    [Test]
    public void A_span_that_does_not_end_in_time_is_told_with_those_that_did()
    {
        using var telemetry = TelemetryCapture.Start(new TelemetryCaptureOptions { Sources = ["capture.tests.shop"] });
        using (s_source.StartActivity("another"))
        {
        }

        var error = Assert.ThrowsAsync<TelemetryAssertionException>(() => telemetry.WaitForSpanAsync("never", timeout: TimeSpan.FromMilliseconds(1)));

        Assert.That(error!.Message, Does.StartWith("Expected span 'never' 1 times, but it was there 0 times.").And.Contain("  another"));
    }
}
