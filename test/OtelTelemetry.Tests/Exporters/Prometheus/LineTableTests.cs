using System.Text;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

/// <summary>Large families are written from a table of lines after a few scrapes; what is written must not depend on it.</summary>
public class LineTableTests
{
    private const int Series = 3000;

    private readonly FakeClock _clock = new();
    private MetricsCollector _metrics = null!;
    private PrometheusScrapeHandler _handler = null!;

    [SetUp]
    public void CreateHandler()
    {
        var registry = new MetricsRegistry();
        _metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = "lines", Registry = registry, MaxSeriesPerMetric = 2 * Series, TimeProvider = _clock });
        _handler = new PrometheusScrapeHandler(new MetricReadModel(registry), new PrometheusExporterOptions());
    }

    [TearDown]
    public void DisposeCollector() => _metrics.Dispose();

    [Test]
    public void Every_scrape_says_what_is()
    {
        var counter = _metrics.CreateCounter("requests", "Requests.", "path");
        var gauge = _metrics.CreateGauge("level", "Levels.", "path");
        for (var scrape = 0; scrape < 6; scrape++)
        {
            for (var i = 0; i < Series; i++)
            {
                counter.Inc("/" + i);
                gauge.Set(scrape + (i / 8.0), "/" + i);
            }

            var expected = new StringBuilder("# HELP lines_level Levels.\n# TYPE lines_level gauge\n");
            for (var i = 0; i < Series; i++) expected.Append(System.Globalization.CultureInfo.InvariantCulture, $"lines_level{{path=\"/{i}\"}} {scrape + (i / 8.0):R}\n");
            expected.Append("# HELP lines_requests_total Requests.\n# TYPE lines_requests_total counter\n");
            for (var i = 0; i < Series; i++) expected.Append(System.Globalization.CultureInfo.InvariantCulture, $"lines_requests_total{{path=\"/{i}\"}} {scrape + 1}\n");
            Assert.That(Scrape(Some.Text), Is.EqualTo(expected.ToString()), $"scrape {scrape}");
        }
    }

    [Test]
    public void Formats_do_not_mix()
    {
        var counter = _metrics.CreateCounter("requests", "Requests.", "path");
        for (var i = 0; i < Series; i++) counter.Inc("/" + i);
        var text = Scrape(Some.Text);
        var openMetrics = Scrape(Some.OpenMetrics);
        for (var i = 0; i < 4; i++)
        {
            Assert.That(Scrape(Some.Text), Is.EqualTo(text));
            Assert.That(Scrape(Some.OpenMetrics), Is.EqualTo(openMetrics));
        }
    }

    [Test]
    public void Series_that_come_and_go_are_followed()
    {
        var counter = _metrics.CreateCounter(new CounterOptions("requests") { Help = "Requests.", LabelNames = ["path"], IdleExpiry = TimeSpan.FromMinutes(1) });
        for (var i = 0; i < Series; i++) counter.Inc("/" + i);
        for (var i = 0; i < 4; i++) Scrape(Some.Text);

        // Every third stays busy, the others expire; new ones take their places.
        for (var step = 0; step < 12; step++)
        {
            for (var i = 0; i < Series; i += 3) counter.Inc("/" + i);
            _clock.Advance(TimeSpan.FromSeconds(10));
            Scrape(Some.Text);
        }

        for (var i = 0; i < 700; i++) counter.Inc("/new/" + i);
        for (var scrape = 0; scrape < 4; scrape++)
        {
            var samples = ExpositionParser.Parse(Encoding.UTF8.GetBytes(Scrape(Some.Text)), openMetrics: false).Single().Samples;
            Assert.That(samples, Has.Count.EqualTo((Series / 3) + 700));
            Assert.That(samples.Select(sample => sample.Label("path")!), Is.Unique);
            Assert.That(samples.Where(sample => sample.Label("path")!.StartsWith("/new/", StringComparison.Ordinal)).Select(sample => sample.Number), Is.All.EqualTo(1));
            Assert.That(samples.Where(sample => !sample.Label("path")!.StartsWith("/new/", StringComparison.Ordinal)).Select(sample => sample.Number), Is.All.EqualTo(13));
        }
    }

    private string Scrape(PrometheusFormat format)
    {
        using var output = new MemoryStream();
        _handler.WriteAsync(output, format).GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
