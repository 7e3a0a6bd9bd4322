using System.Net;
using System.Net.Sockets;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>When nobody takes the telemetry, the shop serves as before and stops in time.</summary>
[TestFixture("grpc")]
[TestFixture("http/protobuf")]
public sealed class CollectorAwayTests(string protocol)
{
    /// <summary>The library's budget is 5 seconds; the rest is the host's own way down.</summary>
    private static readonly TimeSpan s_timeToStop = TimeSpan.FromSeconds(8);

    [Test]
    public Task Nobody_listens() => ServesAndStopsInTime(FreePort.Next());

    [Test]
    public async Task Somebody_listens_and_never_answers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        await ServesAndStopsInTime(((IPEndPoint)silent.LocalEndpoint).Port);
    }

    private async Task ServesAndStopsInTime(int port)
    {
        await using var shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "100"));
        await Customers.Buy(shop, ("book", 1, "card"), ("lamp", 1, "card"));
        await Customers.Get(shop, [.. Enumerable.Range(1, 100).Select(id => $"/orders/{id}")]);

        using var order = await shop.Http.GetAsync(new Uri("/orders/7", UriKind.Relative));
        Assert.That(order.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await shop.Metrics(), Does.Contain("storefront_orders_placed_total"));

        var took = await shop.Stop();

        Assert.That(took, Is.LessThan(s_timeToStop));
        Assert.That(shop.ExitCode, Is.Zero, shop.Output.ToString());
    }
}
