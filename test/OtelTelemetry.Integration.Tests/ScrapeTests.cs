using System.Globalization;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Real scrapers read the shop: Prometheus in OpenMetrics, VictoriaMetrics in the plain text format, and both see the same.</summary>
[TestFixture]
public sealed class ScrapeTests
{
    /// <summary>Series that stand still while nobody uses the shop: our four kinds and three of ASP.NET Core's.</summary>
    private static readonly string[] s_quietSeries =
    [
        "storefront_orders_placed_total",
        "storefront_checkouts_in_flight",
        "storefront_cart_value_euros_bucket",
        "storefront_cart_value_euros_sum",
        "storefront_cart_value_euros_count",
        "storefront_payment_latency_seconds_count",
        "storefront_payment_latency_seconds_sum",
        "http_server_request_duration_seconds_bucket",
        "http_server_request_duration_seconds_count",
        "http_server_request_duration_seconds_sum",
        "http_client_request_duration_seconds_count",
        "aspnetcore_diagnostics_exceptions_total",
    ];

    /// <summary>In percent: VictoriaMetrics stores decimal numbers and loses a double's last digit.</summary>
    private const double DecimalRounding = 1e-11;

    private StorefrontProcess _shop = null!;
    private RecordingProxy _prometheusPath = null!;
    private RecordingProxy _victoriaPath = null!;
    private PrometheusServer _prometheus = null!;
    private VictoriaMetricsServer _victoria = null!;

    [OneTimeSetUp]
    public async Task StartEverything()
    {
        _shop = await StorefrontProcess.Start();
        await Customers.Buy(_shop, ("pencil", 2, "card"), ("lamp", 1, "invoice"), ("chair", 3, "card"), ("desk", 2, "card"));
        await Customers.Get(_shop, "/orders/7", "/orders/8", "/orders/5000", "/fail", "/slow?ms=30");

        _prometheusPath = RecordingProxy.Start(_shop.Address);
        _victoriaPath = RecordingProxy.Start(_shop.Address);
        _prometheus = await PrometheusServer.Start(_prometheusPath.Address);
        _victoria = await VictoriaMetricsServer.Start(_victoriaPath.Address);
        await _prometheus.WaitUntilUp();
        await _victoria.WaitUntilUp();
    }

    [OneTimeTearDown]
    public async Task StopEverything()
    {
        await Disposal.Of(_victoria, _prometheus);
        if (_victoriaPath is not null) await _victoriaPath.DisposeAsync();
        if (_prometheusPath is not null) await _prometheusPath.DisposeAsync();
        await Disposal.Of(_shop);
    }

    [Test]
    public void Prometheus_asks_for_OpenMetrics_and_gets_it()
    {
        Assert.That(_prometheusPath.Scrapes, Is.Not.Empty);
        Assert.That(_prometheusPath.Scrapes, Has.All.Matches<RecordedScrape>(scrape =>
            scrape.Status == 200
            && scrape.Accept.StartsWith("application/openmetrics-text", StringComparison.Ordinal)
            && scrape.ContentType.StartsWith("application/openmetrics-text; version=1.0.0", StringComparison.Ordinal)));
    }

    [Test]
    public void VictoriaMetrics_asks_for_text_and_gets_it()
    {
        Assert.That(_victoriaPath.Scrapes, Is.Not.Empty);
        Assert.That(_victoriaPath.Scrapes, Has.All.Matches<RecordedScrape>(scrape =>
            scrape.Status == 200 && scrape.ContentType.StartsWith("text/plain; version=0.0.4", StringComparison.Ordinal)));
    }

    [TestCaseSource(nameof(s_quietSeries))]
    public async Task Both_scrapers_hold_equal_values(string metric)
    {
        var expected = await _prometheus.Query(metric);
        var found = await Eventually.Get(metric, () => _victoria.Query(metric), samples => samples.Count == expected.Count);

        Assert.That(expected, Is.Not.Empty);
        var (left, right) = (BySeries(expected), BySeries(found));
        Assert.That(right.Keys, Is.EquivalentTo(left.Keys));
        foreach (var (series, value) in left) Assert.That(right[series], Is.EqualTo(value).Within(DecimalRounding).Percent, series);
    }

    [Test]
    public async Task The_shops_own_numbers_are_what_the_customers_did()
    {
        Assert.That((await _prometheus.Query("sum(storefront_orders_placed_total)")).Single().Value, Is.EqualTo(3), "The fourth cart was too expensive for the payment service.");
        Assert.That((await _prometheus.Query("storefront_orders_placed_total{product='chair',payment_method='card'}")).Single().Value, Is.EqualTo(1));
        Assert.That((await _prometheus.Query("sum(storefront_cart_value_euros_sum)")).Single().Value, Is.EqualTo(2 * 1.2 + 79 + 3 * 240 + 2 * 690).Within(1e-9));
        Assert.That((await _prometheus.Query("storefront_checkouts_in_flight")).Single().Value, Is.Zero);
        Assert.That((await _prometheus.Query("storefront_payment_latency_seconds_count{outcome='declined'}")).Single().Value, Is.EqualTo(1));
        Assert.That((await _prometheus.Query("storefront_payment_latency_seconds{outcome='accepted',quantile='0.5'}")).Single().Value, Is.InRange(0.001, 5));
    }

    [Test]
    public async Task Prometheus_knows_the_types_and_the_resource()
    {
        var types = new Dictionary<string, string>();
        foreach (var metric in new[] { "storefront_orders_placed", "storefront_checkouts_in_flight", "storefront_cart_value_euros", "storefront_payment_latency_seconds" })
        {
            types[metric] = (await _prometheus.TargetMetadata(metric)).Single()!["type"]!.GetValue<string>();
        }

        Assert.That(types.Values, Is.EqualTo(new[] { "counter", "gauge", "histogram", "summary" }));
        Assert.That((await _prometheus.Query("target_info")).Single().Labels, Does.ContainKey("service_name").WithValue("storefront"));
    }

    [Test]
    public async Task The_whole_text_passes_promtool()
    {
        var text = await _shop.Metrics();

        var (exitCode, output) = await Promtool.CheckMetrics(text);

        Assert.That(output, Is.Empty, text);
        Assert.That(exitCode, Is.Zero);
        Assert.That(text, Does.Contain("storefront_orders_placed_total").And.Contain("dotnet_gc_collections_total").And.Contain("http_server_request_duration_seconds_bucket"));
    }

    [TestCase("text/plain")]
    [TestCase("application/openmetrics-text;version=1.0.0")]
    public async Task No_family_and_no_series_is_written_twice(string accept)
    {
        var lines = (await _shop.Metrics(accept)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var families = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).ToList();
        var series = lines.Where(line => !line.StartsWith('#')).Select(ExpositionLine.Series).ToList();

        Assert.That(families, Is.Unique.And.Count.GreaterThan(20));
        Assert.That(series, Is.Unique.And.Count.GreaterThan(100));
    }

    private static Dictionary<string, double> BySeries(IReadOnlyList<Sample> samples) => samples.ToDictionary(
        sample => string.Join(",", sample.Labels.Where(label => label.Key != "instance").Select(NormalizedBound).Order(StringComparer.Ordinal)),
        sample => sample.Value);

    /// <summary>OpenMetrics writes le="10.0" where the text format may write le="10": the same bound.</summary>
    private static string NormalizedBound(KeyValuePair<string, string> label) =>
        label.Key == "le" && double.TryParse(label.Value, CultureInfo.InvariantCulture, out var bound)
            ? $"le={bound.ToString(CultureInfo.InvariantCulture)}"
            : $"{label.Key}={label.Value}";
}
