using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class LookupTests : MetricsTestBase
{
    [Test]
    public void A_metric_is_found_by_its_full_name_and_by_its_own()
    {
        using var shop = CreateCollector(options => options with { Namespace = "shop" });
        var counter = shop.CreateCounter("c");
        var gauge = shop.CreateGauge("g");
        var histogram = shop.CreateHistogram("h");
        var summary = shop.CreateSummary("s");

        Assert.That((shop.GetCounter("c"), shop.GetCounter("shop_c")), Is.EqualTo((counter, counter)));
        Assert.That((shop.GetGauge("g"), shop.GetHistogram("h"), shop.GetSummary("s")), Is.EqualTo((gauge, histogram, summary)));
    }

    [TestCase("request_total", "requests_total")]
    [TestCase("requests", "requests_total")]
    [TestCase("REQUESTS_TOTAL", "requests_total")]
    [TestCase("latencey_seconds", "latency_seconds")]
    public void A_name_that_is_not_there_is_told_with_the_nearest_and_with_what_is_there(string asked, string meant)
    {
        Metrics.CreateCounter("requests_total");
        Metrics.CreateHistogram("latency_seconds");

        var error = Assert.Throws<MetricLookupException>(() => Metrics.GetCounter(asked))!;

        Assert.That(error.MetricName, Is.EqualTo(asked));
        Assert.That(error.Message, Is.EqualTo(
            $"There is no metric '{asked}'. Did you mean '{meant}'? The collector has: latency_seconds, requests_total. "
            + $"Declare it as Telemetry:Metrics:Definitions:{asked} with Type counter, or make it with CreateCounter before it is asked for."));
    }

    [Test]
    public void Where_nothing_is_near_nothing_is_guessed()
    {
        Assert.That(() => Metrics.GetSummary("x"), Throws.TypeOf<MetricLookupException>().With.Message.Contains("has no metrics yet").And.Message.Contains("Type summary"));
        Metrics.CreateCounter("requests_total");
        Assert.That(() => Metrics.GetSummary("weather"), Throws.TypeOf<MetricLookupException>().With.Message.Not.Contains("Did you mean"));
        Assert.That(() => Metrics.GetSummary(""), Throws.TypeOf<MetricLookupException>().With.Message.Not.Contains("Did you mean"));
    }

    [Test]
    public void The_list_of_names_is_bounded()
    {
        for (var i = 0; i < 50; i++) Metrics.CreateCounter($"metric_{i:D2}");
        Assert.That(() => Metrics.GetCounter("weather"), Throws.TypeOf<MetricLookupException>().With.Message.Contains("metric_19 and 30 more").And.Message.Not.Contains("metric_20"));
    }

    [Test]
    public void A_metric_of_another_kind_is_told_with_its_definition()
    {
        Metrics.CreateHistogram("latency", "", [1, 2], "route");
        Assert.That(
            () => Metrics.GetCounter("latency"),
            Throws.TypeOf<MetricLookupException>().With.Message.EqualTo(
                "The metric 'latency' is a Histogram, not a Counter. It is: Histogram latency (labels route, buckets 1, 2). Ask for it as a Histogram, or give the counter a name of its own."));
        Assert.That(() => Metrics.GetGauge("latency"), Throws.TypeOf<MetricLookupException>());
        Assert.That(() => Metrics.GetSummary("latency"), Throws.TypeOf<MetricLookupException>());
    }
}
