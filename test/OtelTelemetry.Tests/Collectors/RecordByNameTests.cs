using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Collectors;

public class RecordByNameTests : MetricsTestBase
{
    [Test]
    public void A_registered_name_feeds_its_instrument()
    {
        var counter = Metrics.CreateCounter("orders_total", "", "status");
        var gauge = Metrics.CreateGauge("open_carts");
        var histogram = Metrics.CreateHistogram("seconds", "", [1, 2]);
        var summary = Metrics.CreateSummary("bytes");
        Metrics.Record("orders_total", 1, ("status", "ok"));
        Metrics.Record("orders_total", 2.5, ("status", "ok"));
        Metrics.Record("open_carts", 7);
        Metrics.Record("open_carts", 5);
        Metrics.Record("seconds", 1.5);
        Metrics.Record("bytes", 100);

        Assert.That(counter.Get("ok"), Is.EqualTo(3.5));
        Assert.That(gauge.Get(), Is.EqualTo(5));
        Assert.That(histogram.Get()!.BucketCounts, Is.EqualTo(new[] { 0, 1, 0 }));
        Assert.That(summary.Get()!.Sum, Is.EqualTo(100));
        Assert.That(Metrics.GetStats(), Has.Property("Recorded").EqualTo(6).And.Property("Applied").EqualTo(6).And.Property("Buffered").EqualTo(0).And.Property("Dropped").Empty);
    }

    [Test]
    public void The_name_may_be_with_or_without_namespace_and_subsystem()
    {
        using var metrics = CreateCollector(options => options with { Namespace = "shop", Subsystem = "web" });
        var counter = metrics.CreateCounter("orders_total");
        metrics.Record("orders_total", 1);
        metrics.Record("shop_web_orders_total", 1);
        Assert.That(counter.Get(), Is.EqualTo(2));
    }

    [Test]
    public void Tags_are_matched_by_name_in_any_order_and_a_missing_one_is_empty()
    {
        var counter = Metrics.CreateCounter("requests_total", "", "method", "path", "status");
        Metrics.Record("requests_total", 1, ("status", "200"), ("method", "GET"), ("path", "/"));
        Metrics.Record("requests_total", 1, MetricTags.Of(("path", "/"), ("status", "200"), ("method", "GET")));
        Metrics.Record("requests_total", 1, new Dictionary<string, string> { ["method"] = "GET", ["path"] = "/", ["status"] = "200" });
        Metrics.Record("requests_total", 1, ("method", "GET"));
        Assert.That(counter.Get("GET", "/", "200"), Is.EqualTo(3));
        Assert.That(counter.Get("GET", "", ""), Is.EqualTo(1));
    }

    [Test]
    public void What_cannot_be_recorded_is_counted_by_reason()
    {
        var counter = Metrics.CreateCounter("orders_total", "", "status");
        Metrics.CreateGauge("open_carts");
        Metrics.Record("orders_total", -1, ("status", "ok"));
        Metrics.Record("orders_total", double.NaN, ("status", "ok"));
        Metrics.Record("open_carts", double.NegativeInfinity);
        Metrics.Record("orders_total", 1, ("user", "x"));
        Metrics.Record("orders_total", 1, ("status", "ok"), ("user", "x"));
        Metrics.Record(null!, 1);
        Metrics.Record("", 1);
        Metrics.Record("1st", 1);
        Metrics.Record("new_total", 1, ("__name__", "x"));
        Metrics.Record(default);

        Assert.That(counter.SeriesCount, Is.LessThanOrEqualTo(1));
        Assert.That(counter.Get("ok"), Is.Zero);
        Assert.That(Metrics.GetStats().Applied, Is.Zero);
        Assert.That(Metrics.GetStats().Dropped, Is.EquivalentTo(new Dictionary<string, long>
        {
            [CollectorDropReasons.NegativeIncrement] = 1,
            [CollectorDropReasons.NotANumber] = 1,
            [CollectorDropReasons.Infinite] = 1,
            [CollectorDropReasons.LabelMismatch] = 2,
            [CollectorDropReasons.InvalidName] = 5,
        }));
        Assert.That(counter.GetDropped(MeasurementDropReason.LabelMismatch), Is.EqualTo(2));
    }

    [TestCase("api_requests_total", MetricKind.Counter)]
    [TestCase("errors_count", MetricKind.Counter)]
    [TestCase("response_time", MetricKind.Histogram)]
    [TestCase("operation_duration", MetricKind.Histogram)]
    [TestCase("http.request.duration", MetricKind.Histogram)]
    [TestCase("request_latency_seconds", MetricKind.Histogram)]
    [TestCase("query_ms", MetricKind.Histogram)]
    [TestCase("api_requests", MetricKind.Summary)]
    [TestCase("temperature", MetricKind.Summary)]
    public void An_unregistered_name_makes_the_metric_it_speaks_of(string name, MetricKind kind)
    {
        Metrics.Record(name, 2, ("endpoint", "/users"));
        Metrics.Record(name, 3, ("endpoint", "/users"));
        var metric = Metrics.GetMetric(name)!;
        Assert.That(metric.Kind, Is.EqualTo(kind));
        Assert.That(metric.LabelNames, Is.EqualTo(new[] { "endpoint" }));
        var sample = Metrics.Collect(name)!.Samples.Single();
        Assert.That(sample.Histogram?.Sum ?? sample.Summary?.Sum ?? sample.Value, Is.EqualTo(5));
        Assert.That(Metrics.GetStats().Applied, Is.EqualTo(2));
    }

    [Test]
    public void Milliseconds_get_buckets_of_milliseconds()
    {
        Metrics.Record("query_ms", 40);
        Assert.That(((Histogram)Metrics.GetMetric("query_ms")!).Buckets, Is.EqualTo(MetricsCollectorOptions.DurationBuckets.Select(bound => bound * 1000)));
    }

    [Test]
    public void The_rule_for_unregistered_names_can_be_another()
    {
        using var rejecting = CreateCollector(options => options with { Unregistered = UnregisteredMetrics.Reject });
        rejecting.Record("unknown_total", 1);
        Assert.That(rejecting.GetMetric("unknown_total"), Is.Null);
        Assert.That(rejecting.GetStats().Dropped[CollectorDropReasons.Unregistered], Is.EqualTo(1));

        using var gauges = CreateCollector(options => options with { Unregistered = UnregisteredMetrics.Always(MetricKind.Gauge) });
        gauges.Record("some_total", 4);
        Assert.That(gauges.GetMetric("some_total")!.Kind, Is.EqualTo(MetricKind.Gauge));

        using var own = CreateCollector(options => options with { Unregistered = new UnregisteredMetrics { Kind = name => name.StartsWith("app_", StringComparison.Ordinal) ? MetricKind.Counter : null } });
        own.Record("app_x", 1);
        own.Record("x", 1);
        Assert.That(own.ListMetrics().Select(metric => metric.Name), Is.EqualTo(new[] { "app_x" }));
    }

    [Test]
    public void Unregistered_metrics_are_bounded_in_number()
    {
        using var metrics = CreateCollector(options => options with { MaxUnregistered = 3 });
        for (var i = 0; i < 10; i++) metrics.Record($"metric_{i}_total", 1);
        Assert.That(metrics.ListMetrics(), Has.Count.EqualTo(3));
        Assert.That(metrics.GetStats().Dropped[CollectorDropReasons.TooManyMetrics], Is.EqualTo(7));
        metrics.Record("metric_1_total", 1);
        Assert.That(((Counter)metrics.GetMetric("metric_1_total")!).Get(), Is.EqualTo(2));
    }

    [Test]
    public void A_rule_that_throws_harms_nobody()
    {
        using var metrics = CreateCollector(options => options with { Unregistered = new UnregisteredMetrics { Kind = _ => throw new InvalidOperationException() } });
        Assert.That(() => metrics.Record("a", 1), Throws.Nothing);
        Assert.That(metrics.GetStats().Dropped[CollectorDropReasons.Failed], Is.EqualTo(1));
    }

    [Test]
    public void Many_threads_make_one_metric()
    {
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 1000; i++) Metrics.Record("shared_total", 1, ("n", $"{i % 10}"));
        });
        var counter = (Counter)Metrics.GetMetric("shared_total")!;
        Assert.That(Enumerable.Range(0, 10).Select(n => counter.Get($"{n}")), Is.All.EqualTo(800));
        Assert.That(Metrics.GetStats().Applied, Is.EqualTo(8000));
    }

    [Test]
    public void Past_the_cap_of_series_measurements_are_in_the_overflow_series()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("capped_total") { LabelNames = ["user"], MaxSeries = 2 });
        for (var i = 0; i < 10; i++) Metrics.Record("capped_total", 1, ("user", $"{i}"));
        Assert.That(Metrics.Collect("capped_total")!.Samples.Sum(sample => sample.Value), Is.EqualTo(10));
        Assert.That(counter.SeriesCount, Is.EqualTo(2));
    }

    [Test]
    public void A_series_that_expires_comes_back()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("idle_total") { LabelNames = ["user"], IdleExpiry = TimeSpan.FromSeconds(10) });
        var tags = MetricTags.Of(("user", "x"));
        Metrics.Record("idle_total", 1, tags);
        Metrics.Collect("idle_total");
        Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That(Metrics.Collect("idle_total")!.Samples, Is.Empty);
        Metrics.Record("idle_total", 1, tags);
        Assert.That(counter.Get("x"), Is.EqualTo(1));
    }

    [Test]
    public void A_weight_counts_in_every_kind()
    {
        var counter = Metrics.CreateCounter("n_total");
        var histogram = Metrics.CreateHistogram("seconds", "", [1, 2]);
        var summary = Metrics.CreateSummary("bytes");
        foreach (var name in new[] { "n_total", "seconds", "bytes" }) Metrics.Record(new Metric(name, 1.5).Sampled(4, 4));
        Assert.That(counter.Get(), Is.EqualTo(6));
        Assert.That(histogram.Get()!.BucketCounts, Is.EqualTo(new[] { 0, 4, 0 }));
        Assert.That(histogram.Get()!.Sum, Is.EqualTo(6));
        Assert.That(summary.Get(), Has.Property("Count").EqualTo(4).And.Property("Sum").EqualTo(6));
    }

    [Test]
    public void Recording_allocates_nothing_in_steady_state()
    {
        Metrics.CreateCounter("requests_total", "", "method", "status");
        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Record();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1000), "20,000 measurements");

        void Record()
        {
            for (var i = 0; i < 20_000; i++) Metrics.Record("requests_total", 1, ("method", "GET"), ("status", "200"));
        }
    }

    [Test]
    public void After_the_end_what_is_recorded_is_counted()
    {
        Metrics.Dispose();
        Assert.That(() => Metrics.Record("late_total", 1), Throws.Nothing);
        Assert.That(Metrics.GetStats().Dropped[CollectorDropReasons.Stopped], Is.EqualTo(1));
    }
}
