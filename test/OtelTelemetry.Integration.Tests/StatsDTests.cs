using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.StatsD;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Integration.Tests;

/// <summary>A real StatsD server has the totals that were recorded, after several exports.</summary>
public class StatsDTests
{
    [TestCase(StatsDProtocol.Udp)]
    [TestCase(StatsDProtocol.Tcp)]
    public async Task Totals_and_gauges_are_right_after_several_exports(StatsDProtocol protocol)
    {
        await using var server = await StatsDServer.Start();
        await using var exporter = Create(server, protocol, StatsDDialect.Etsy);
        var metrics = new MetricsCollector("statsd_" + protocol);
        var orders = metrics.CreateCounter("orders_total", "Orders.", "customer");
        var level = metrics.CreateGauge("level", "A level that goes below zero.");
        var time = metrics.CreateHistogram(new HistogramOptions("work_seconds") { Buckets = [0.5, 1, 2] });
        var payments = metrics.CreateSummary("payment_seconds", "Payments.");

        for (var export = 1; export <= 5; export++)
        {
            for (var i = 0; i < 100; i++)
            {
                orders.With("nr." + (i % 50)).Inc(export);
                time.Observe(0.75);
                payments.Observe(0.25);
            }

            level.Set(10 - (5 * export));
            var result = await exporter.ExportAsync(metrics.CollectAll());
            Assert.That(result.Succeeded, Is.True, result.Problem);
        }

        var name = $"shop.statsd_{protocol}_";
        var expected = Enumerable.Range(0, 50).ToDictionary(i => $"{name}orders_total.customer.nr_{i}", _ => 2.0 * (1 + 2 + 3 + 4 + 5));
        expected[name + "work_seconds.count"] = 500;
        expected[name + "work_seconds.sum"] = 375;
        expected[name + "payment_seconds.count"] = 500;
        expected[name + "payment_seconds.sum"] = 125;
        var counters = await Eventually.Get("the totals", async () => Ours(await server.Counters()), values => SameAs(values, expected));
        Assert.That(counters, Is.EquivalentTo(expected));

        var gauges = Ours(await server.Gauges());
        Assert.That(gauges[name + "level"], Is.EqualTo(-15));
        Assert.That(gauges[name + "work_seconds.p50"], Is.EqualTo(0.75));
        Assert.That(gauges[name + "work_seconds.p95"], Is.EqualTo(0.975));
        Assert.That(gauges[name + "payment_seconds.p50"], Is.EqualTo(0.25).Within(0.01));
        Assert.That((await server.Counters())["statsd.bad_lines_seen"], Is.Zero);
    }

    [Test]
    public async Task DogStatsD_tags_arrive()
    {
        await using var server = await StatsDServer.Start();
        await using var exporter = Create(server, StatsDProtocol.Udp, StatsDDialect.DogStatsD);
        var metrics = new MetricsCollector("dog");
        metrics.CreateCounter("orders_total", "Orders.", "customer").With("nr 1").Inc(3);
        Assert.That((await exporter.ExportAsync(metrics.CollectAll())).Succeeded, Is.True);
        var counters = await Eventually.Get("the counter", async () => Ours(await server.Counters()), values => values.Count > 0);
        // This server turns tags into Graphite's, and blanks into underscores.
        Assert.That(counters, Is.EquivalentTo(new Dictionary<string, double> { ["shop.dog_orders_total;customer=nr_1"] = 3 }));
    }

    [Test]
    public async Task A_server_that_restarts_gets_over_TCP_all_that_was_not_sent()
    {
        var metrics = new MetricsCollector("restart");
        var orders = metrics.CreateCounter("orders_total", "Orders.");
        MetricsExporter exporter;
        int port;
        await using (var first = await StatsDServer.Start())
        {
            port = first.Port;
            exporter = Create(first, StatsDProtocol.Tcp, StatsDDialect.Etsy);
            orders.Inc(5);
            Assert.That((await exporter.ExportAsync(metrics.CollectAll())).Succeeded, Is.True);
            await Eventually.Get("the first counts", async () => Ours(await first.Counters()), values => values.GetValueOrDefault("shop.restart_orders_total") == 5);
        }

        orders.Inc(2);
        Assert.That((await exporter.ExportAsync(metrics.CollectAll())).Problem, Does.Contain("cannot be reached"));
        orders.Inc(1);
        await using var second = await StatsDServer.Start(port);
        Assert.That((await exporter.ExportAsync(metrics.CollectAll())).Succeeded, Is.True);
        await Eventually.Get("the rest", async () => Ours(await second.Counters()), values => values.GetValueOrDefault("shop.restart_orders_total") == 3);
        await exporter.DisposeAsync();
    }

    private static MetricsExporter Create(StatsDServer server, StatsDProtocol protocol, StatsDDialect dialect) =>
        new StatsDExporterOptions { Host = "127.0.0.1", Port = server.Port, Protocol = protocol, Dialect = dialect, Prefix = "shop", MaxPacketSize = 300 }
            .Create(new ExporterContext("StatsD"));

    private static Dictionary<string, double> Ours(IReadOnlyDictionary<string, double> values) =>
        values.Where(value => value.Key.StartsWith("shop.", StringComparison.Ordinal)).ToDictionary();

    private static bool SameAs(Dictionary<string, double> values, Dictionary<string, double> expected) =>
        values.Count == expected.Count && expected.All(pair => values.GetValueOrDefault(pair.Key) == pair.Value);
}
