using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Datadog;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Integration.Tests;

/// <summary>A real VictoriaMetrics takes what is meant for Datadog and has exactly the values that were recorded.</summary>
public class DatadogTests
{
    [TestCase(DatadogCompression.Gzip)]
    [TestCase(DatadogCompression.Deflate)]
    [TestCase(DatadogCompression.None)]
    public async Task Values_queried_back_are_those_recorded(DatadogCompression compression)
    {
        await using var server = await VictoriaMetricsServer.StartReceiver();
        var options = new DatadogExporterOptions { Endpoint = server.DatadogAddress, Api = DatadogApi.V1, Compression = compression, Prefix = "shop", Host = "web-1", Tags = { ["env"] = "test" } };
        // Points of one second count once, so exports in quick succession go ahead of the clock.
        await using var exporter = options.Create(new ExporterContext("Datadog") { TimeProvider = new EarlierClock() });
        var metrics = new MetricsCollector($"datadog_{compression}");
        var orders = metrics.CreateCounter("orders_total", "Orders.", "customer");
        var level = metrics.CreateGauge("level", "A level.");
        var time = metrics.CreateHistogram(new HistogramOptions("work_seconds") { Buckets = [0.5, 1, 2] });
        for (var export = 1; export <= 5; export++)
        {
            orders.With("a").Inc(export);
            orders.With("\u00fcber, \"b\"").Inc(10);
            level.Set(10 - (5 * export));
            for (var i = 0; i < 100; i++) time.Observe(0.75);
            var result = await exporter.ExportAsync(metrics.CollectAll());
            Assert.That(result.Succeeded, Is.True, result.Problem);
        }

        var totals = await Query($"sum_over_time({{__name__='shop.datadog_{compression}_orders_total'}}[1h])", 2);
        Assert.That(totals.Select(sample => (sample.Labels["customer"], sample.Labels["env"], sample.Labels["host"], sample.Value)), Is.EquivalentTo(new[]
        {
            ("a", "test", "web-1", 15.0),
            ("\u00fcber_ \"b\"", "test", "web-1", 50.0),
        }));
        Assert.That(await Value("sum_over_time", "work_seconds.count"), Is.EqualTo(500));
        Assert.That(await Value("sum_over_time", "work_seconds.sum"), Is.EqualTo(375));
        Assert.That(await Value("last_over_time", "work_seconds.p95"), Is.EqualTo(0.975));
        Assert.That(await Value("last_over_time", "level"), Is.EqualTo(-15));

        async Task<double> Value(string function, string name) => (await Query($"{function}({{__name__='shop.datadog_{compression}_{name}'}}[1h])", 1))[0].Value;

        Task<IReadOnlyList<Sample>> Query(string expression, int series) => Eventually.Get(expression, () => server.Query(expression), samples => samples.Count == series);
    }

    private sealed class EarlierClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - TimeSpan.FromMinutes(1);
    }
}
