using System.Net;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Where the shop's metrics can be read, by configuration alone.</summary>
[TestFixture]
public sealed class PrometheusEndpointTests
{
    [Test]
    public async Task The_port_can_be_its_own_and_real_Prometheus_reads_it()
    {
        var port = FreePort.Next();
        await using var shop = await StorefrontProcess.Start(("Telemetry__Prometheus__Port", $"{port}"));
        await Customers.Buy(shop, ("book", 1, "card"));
        await using var prometheus = await PrometheusServer.Start(new Uri($"http://localhost:{port}"));

        await prometheus.WaitUntilUp();

        Assert.That((await prometheus.Query("storefront_orders_placed_total")).Single().Value, Is.EqualTo(1));
        Assert.That(await StatusOf(shop, "/metrics"), Is.EqualTo(HttpStatusCode.NotFound), "Not on the shop's port as well.");
    }

    [Test]
    public async Task The_path_can_be_another()
    {
        await using var shop = await StorefrontProcess.Start(("Telemetry__Prometheus__Path", "/internal/metrics"));

        Assert.That(await StatusOf(shop, "/internal/metrics"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusOf(shop, "/metrics"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Without_telemetry_the_shop_serves_and_there_are_no_metrics()
    {
        await using var shop = await StorefrontProcess.Start(("Telemetry__Enabled", "false"));
        await Customers.Buy(shop, ("book", 1, "card"));

        Assert.That(await StatusOf(shop, "/orders/7"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusOf(shop, "/metrics"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(shop.Output.ToString(), Does.Not.Contain("/metrics"));
    }

    [Test]
    public async Task Many_scrapers_at_once_all_get_whole_answers()
    {
        await using var shop = await StorefrontProcess.Start();
        await Customers.Buy(shop, ("book", 1, "card"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => shop.Metrics("application/openmetrics-text;version=1.0.0")));

        Assert.That(answers, Has.All.EndsWith("# EOF\n").And.All.Contains("storefront_orders_placed_total"));
    }

    [Test]
    public async Task The_shops_own_traffic_shows_by_default()
    {
        await using var shop = await StorefrontProcess.Start(("Traffic__RequestsPerSecond", "50"));

        await Eventually.Get(
            "orders, sales and failures of the traffic generator",
            () => shop.Metrics(),
            text => text.Contains("http_route=\"/orders/{id:int}\"") && text.Contains("storefront_orders_placed_total{") && text.Contains("http_route=\"/fail\""));

        Assert.That(shop.Output.ToString(), Does.Contain($"{shop.Address.GetLeftPart(UriPartial.Authority)}/metrics"));
    }

    private static async Task<HttpStatusCode> StatusOf(StorefrontProcess shop, string path)
    {
        using var response = await shop.Http.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
