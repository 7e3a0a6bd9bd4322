using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OtelTelemetry.AspNetCore.Tests.Support;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.AspNetCore.Tests;

public class MetricsEndpointTests
{
    private static readonly Uri s_metrics = new("/metrics", UriKind.Relative);

    [Test]
    public async Task A_declared_metric_is_injected_into_an_endpoint_and_scraped()
    {
        await using var host = await WebHost.Start(
            app =>
            {
                app.MapPost("/visit", ([FromKeyedServices("declared_visits_total")] Counter visits) => visits.Inc());
                app.MapPepperTelemetry();
            },
            ("Telemetry:Metrics:Definitions:declared_visits_total:Type", "counter"));
        Assert.That(await host.Client.GetStringAsync("/metrics"), Does.Contain("declared_visits_total 0\n"));

        await host.Client.PostAsync("/visit", content: null);

        Assert.That(await host.Client.GetStringAsync("/metrics"), Does.Contain("declared_visits_total 1\n"));
    }

    [Test]
    public async Task It_shows_our_metrics_and_those_of_other_libraries()
    {
        await using var host = await WebHost.Start(app =>
        {
            app.MapPepperTelemetry();
            app.MapGet("/orders/{id}", (string id) => id);
        });
        host.Services.GetRequiredService<MetricsCollector>().CreateCounter("orders_total", "Orders.", "kind").Inc(3, "book");
        await host.Client.GetAsync(new Uri("/orders/1", UriKind.Relative));
        await host.Spans.ServerSpans(1);

        using var response = await host.Client.GetAsync(s_metrics);
        var text = await response.Content.ReadAsStringAsync();

        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(text, Does.Contain("orders_total{kind=\"book\"} 3\n"));
        Assert.That(text, Does.Contain("http_server_request_duration_seconds_count").And.Contain("http_route=\"/orders/{id}\""));
        Assert.That(text, Does.Contain("dotnet_process_cpu_count"));
        Assert.That(text, Does.Contain("target_info{"));
    }

    [Test]
    public async Task Scrapes_are_not_counted_as_requests()
    {
        await using var host = await WebHost.Start(app => app.MapPepperTelemetry(), ("Telemetry:Prometheus:CollectionCacheDuration", "0s"));

        await host.Client.GetAsync(s_metrics);
        await host.Client.GetAsync(s_metrics);

        Assert.That(await host.Client.GetStringAsync(s_metrics), Does.Not.Contain("http_server_request_duration_seconds_count"));
    }

    [Test]
    public async Task OpenMetrics_and_gzip_are_given_to_whom_asks()
    {
        await using var host = await WebHost.Start(app => app.MapPepperTelemetry());
        using var request = new HttpRequestMessage(HttpMethod.Get, s_metrics);
        request.Headers.Add("Accept", "application/openmetrics-text;version=1.0.0");
        request.Headers.Add("Accept-Encoding", "gzip");

        using var response = await host.Client.SendAsync(request);
        await using var plain = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);

        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/openmetrics-text"));
        Assert.That(await reader.ReadToEndAsync(), Does.EndWith("# EOF\n"));
    }

    [TestCase("Telemetry:Enabled", "false")]
    [TestCase("Telemetry:Metrics:Enabled", "false")]
    [TestCase("Telemetry:Prometheus:Enabled", "false")]
    [TestCase("OTEL_SDK_DISABLED", "true")]
    [TestCase("OTEL_METRICS_EXPORTER", "none")]
    public async Task It_is_not_mapped_where_it_is_off(string key, string value)
    {
        await using var host = await WebHost.Start(
            app =>
            {
                app.MapPepperTelemetry().RequireHost("metrics.example");
                app.MapGet("/", (MetricsCollector metrics) => metrics.CreateCounter("still_works_total").Name);
            },
            (key, value));

        using var metrics = await host.Client.GetAsync(s_metrics);

        Assert.That(metrics.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await host.Client.GetStringAsync(new Uri("/", UriKind.Relative)), Is.EqualTo("still_works_total"), "The facade works in memory.");
    }

    [Test]
    public async Task Conventions_apply_to_it()
    {
        await using var host = await WebHost.Start(app => app.MapPepperTelemetry().RequireHost("metrics.example"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://metrics.example/metrics");

        Assert.That((await host.Client.GetAsync(s_metrics)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await host.Client.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Disabled_telemetry_leaves_no_provider_and_no_hosted_service()
    {
        var registered = 0;
        await using var host = await WebHost.Start(
            _ => { },
            builder => registered = builder.Services.Count(service => service.ServiceType == typeof(IHostedService)),
            options => options.Enabled = false,
            realServer: false);

        Assert.That(host.Services.GetService<TracerProvider>(), Is.Null);
        Assert.That(host.Services.GetService<MeterProvider>(), Is.Null);
        Assert.That(host.Services.GetServices<IHostedService>().Select(service => service.GetType().Namespace), Has.None.StartsWith("OtelTelemetry"));
        Assert.That(registered, Is.Zero);
    }

    [Test]
    public async Task Configuration_that_comes_after_the_registration_counts()
    {
        await using var host = await WebHost.Start(
            app => app.MapPepperTelemetry(),
            builder => builder.Configuration.AddInMemoryCollection([new("Telemetry:Prometheus:Path", "/late")]),
            null,
            realServer: false);

        Assert.That((await host.Client.GetAsync(s_metrics)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await host.Client.GetAsync(new Uri("/late", UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
