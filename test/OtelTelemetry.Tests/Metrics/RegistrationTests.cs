using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class RegistrationTests : MetricsTestBase
{
    [Test]
    public void The_same_definition_is_the_same_object()
    {
        var first = Metrics.CreateHistogram("latency", "Latency.", [1, 2], "route");
        Assert.That(Metrics.CreateHistogram("latency", "", [1, 2, double.PositiveInfinity], "route"), Is.SameAs(first));
    }

    [Test]
    public void Collectors_of_one_registry_share_a_definition()
    {
        using var other = CreateCollector(options => options);
        Assert.That(other.CreateCounter("shared"), Is.SameAs(Metrics.CreateCounter("shared")));
        Assert.That(other.ListMetrics().Single().Name, Is.EqualTo("shared"));
    }

    [Test]
    public void A_registry_that_is_read_with_another_makes_no_second_series()
    {
        var host = new MetricsRegistry(Registry);
        using var metrics = CreateCollector(options => options with { Registry = host });
        Assert.That(metrics.CreateCounter("shared"), Is.Not.Null);
        Assert.That(Metrics.CreateCounter("first").Name, Is.EqualTo("first"));
        Assert.That(metrics.CreateCounter("first"), Is.SameAs(Metrics.GetMetric("first")));
        Assert.That(() => metrics.CreateGauge("first"), Throws.TypeOf<DuplicateMetricException>());
    }

    [Test]
    public void Different_constant_labels_are_different_series_of_one_family()
    {
        using var other = CreateCollector(options => options with { ConstantLabels = new Dictionary<string, string> { ["version"] = "2" } });
        Assert.That(other.CreateCounter("shared"), Is.Not.SameAs(Metrics.CreateCounter("shared")));
        Assert.That(other.Collect("shared")!.Samples.Single().Labels, Is.EqualTo(new Dictionary<string, string> { ["version"] = "2" }));
    }

    [Test]
    public void A_different_definition_under_one_name_names_both()
    {
        Metrics.CreateCounter("orders", "", "status");
        Assert.That(
            () => Metrics.CreateGauge("orders"),
            Throws.TypeOf<DuplicateMetricException>()
                .With.Message.Contains("Counter orders (labels status)").And.Message.Contains("Gauge orders (no labels)").And.Message.Contains("another name"));
        Assert.That(() => Metrics.CreateCounter("orders", "", "state"), Throws.TypeOf<DuplicateMetricException>());
        Assert.That(() => Metrics.CreateCounter(new CounterOptions("orders") { LabelNames = ["status"], Unit = "s" }), Throws.TypeOf<DuplicateMetricException>());
    }

    [Test]
    public void Different_buckets_under_one_name_are_a_conflict()
    {
        Metrics.CreateHistogram("h", "", [1, 2]);
        Assert.That(() => Metrics.CreateHistogram("h", "", [1, 3]), Throws.TypeOf<DuplicateMetricException>().With.Message.Contains("buckets 1, 3"));
    }

    [TestCase("shop", "checkout", "orders_total", "shop_checkout_orders_total")]
    [TestCase("shop", "", "orders_total", "shop_orders_total")]
    [TestCase("", "", "orders_total", "orders_total")]
    [TestCase("shop", "", "orders.placed", "shop.orders.placed")]
    public void Names_are_put_together(string @namespace, string subsystem, string name, string expected)
    {
        using var metrics = CreateCollector(options => options with { Namespace = @namespace, Subsystem = subsystem });
        Assert.That(metrics.CreateCounter(name).Name, Is.EqualTo(expected));
        Assert.That(metrics.GetMetric(name), Is.SameAs(metrics.GetMetric(expected)).And.Not.Null);
    }

    [TestCase("")]
    [TestCase("1st")]
    [TestCase("_hidden")]
    [TestCase("with space")]
    [TestCase("größe")]
    public void Names_that_are_none_are_refused(string name) =>
        Assert.That(() => Metrics.CreateCounter(name), Throws.ArgumentException.With.Message.Contains($"'{name}'").And.Message.Contains("orders_total"));

    [Test]
    public void Names_may_be_255_characters_long()
    {
        Assert.That(() => Metrics.CreateCounter(new string('a', 255)), Throws.Nothing);
        Assert.That(() => Metrics.CreateCounter(new string('a', 256)), Throws.ArgumentException);
    }

    [TestCase("")]
    [TestCase("__name__")]
    [TestCase("le")]
    [TestCase("twice")]
    [TestCase("fixed")]
    public void Label_names_that_cannot_be_are_refused(string label)
    {
        using var metrics = CreateCollector(options => options with { ConstantLabels = new Dictionary<string, string> { ["fixed"] = "1" } });
        Assert.That(() => metrics.CreateHistogram("h", "", "twice", label), Throws.ArgumentException.With.Message.Contains($"'{label}'").And.Message.Contains("'h'"));
    }

    [TestCase(new[] { 1.0, 0.5 })]
    [TestCase(new[] { 1.0, 1.0 })]
    [TestCase(new[] { double.NaN })]
    [TestCase(new[] { double.PositiveInfinity, 1.0 })]
    public void Buckets_out_of_order_are_refused(double[] buckets) =>
        Assert.That(() => Metrics.CreateHistogram("h", "", buckets), Throws.ArgumentException.With.Message.Contains("strictly ascending"));

    [Test]
    public void Other_settings_are_checked()
    {
        Assert.That(() => Metrics.CreateSummary(new SummaryOptions("s") { Quantiles = [95] }), Throws.ArgumentException.With.Message.Contains("0.95"));
        Assert.That(() => Metrics.CreateSummary(new SummaryOptions("s") { Window = TimeSpan.Zero }), Throws.ArgumentException.With.Message.Contains("1 second"));
        Assert.That(() => Metrics.CreateCounter(new CounterOptions("c") { MaxSeries = 0 }), Throws.ArgumentException.With.Message.Contains("MaxSeries"));
        Assert.That(() => Metrics.CreateCounter(new CounterOptions("c") { IdleExpiry = TimeSpan.Zero }), Throws.ArgumentException.With.Message.Contains("IdleExpiry"));
        Assert.That(() => CreateCollector(options => options with { MaxSeriesPerMetric = 0 }), Throws.ArgumentException);
        Assert.That(() => CreateCollector(options => options with { DefaultBuckets = [2, 1] }), Throws.ArgumentException);
    }

    [Test]
    public void A_disposed_collector_leaves_its_registry_and_its_metrics_do_no_harm()
    {
        var counter = Metrics.CreateCounter("gone", "", "a");
        Metrics.Dispose();
        Assert.That(() => counter.Inc("x"), Throws.Nothing);
        Assert.That(Registry.Metrics, Is.Empty);
        using var next = CreateCollector(options => options);
        Assert.That(next.CreateGauge("gone"), Is.Not.Null);
    }

    [Test]
    public void Lists_and_collections_are_by_name()
    {
        Metrics.CreateGauge("b").Set(2);
        Metrics.CreateCounter("a").Inc();
        Assert.That(Metrics.ListMetrics().Select(metric => metric.Name), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(Metrics.CollectAll().Select(family => (family.Descriptor.Name, family.Samples.Single().Value)), Is.EqualTo(new[] { ("a", 1.0), ("b", 2.0) }));
        Assert.That(Metrics.Collect("c"), Is.Null);
    }
}
