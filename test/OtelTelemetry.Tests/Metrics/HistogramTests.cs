using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class HistogramTests : MetricsTestBase
{
    [Test]
    public void Bounds_are_inclusive()
    {
        var histogram = Metrics.CreateHistogram("latency", "", [0.1, 0.5, 1]);
        foreach (var value in new[] { -1, 0, 0.1, 0.1000001, 0.5, 1, 1.5 }) histogram.Observe(value);
        var snapshot = histogram.Get()!;
        Assert.That(snapshot.BucketCounts, Is.EqualTo(new long[] { 3, 2, 1, 1 }));
        Assert.That(snapshot.Count, Is.EqualTo(7));
        Assert.That(snapshot.Sum, Is.EqualTo(2.2000001).Within(1e-12));
        Assert.That(snapshot.Mean, Is.EqualTo(2.2000001 / 7).Within(1e-12));
    }

    [Test]
    public void Without_bounds_everything_is_in_the_last_bucket()
    {
        var histogram = Metrics.CreateHistogram("all", "", buckets: []);
        histogram.Observe(3);
        Assert.That(histogram.Get()!.BucketCounts, Is.EqualTo(new long[] { 1 }));
    }

    [Test]
    public void More_buckets_than_fit_on_the_stack_are_read_too()
    {
        var histogram = Metrics.CreateHistogram("wide", "", [.. Enumerable.Range(1, 500).Select(i => (double)i)]);
        for (var i = 1; i <= 501; i++) histogram.Observe(i);
        var sample = Metrics.Collect("wide")!.Samples.Single();
        Assert.That(sample.Histogram!.BucketCounts, Is.EqualTo(Enumerable.Repeat(1L, 501)));
    }

    [Test]
    public void A_scope_records_the_time_in_seconds()
    {
        var histogram = Metrics.CreateHistogram("work_seconds", "", "kind");
        using (histogram.Time("a")) Clock.Advance(TimeSpan.FromSeconds(1.5));
        using (histogram.With("a").Time()) Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That(histogram.Get("a")!.Sum, Is.EqualTo(2));
        Assert.That(histogram.Get("a")!.Count, Is.EqualTo(2));
    }

    [Test]
    public void A_scope_records_milliseconds_where_that_is_the_unit()
    {
        var histogram = Metrics.CreateHistogram(new HistogramOptions("work") { Unit = "ms", Buckets = [10, 100] });
        using (histogram.Time()) Clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.That(histogram.Get()!.Sum, Is.EqualTo(250));
    }

    [Test]
    public void What_is_no_number_is_dropped()
    {
        var histogram = Metrics.CreateHistogram("strict", "", "a");
        histogram.Observe(double.NaN, "x");
        histogram.Observe(double.NegativeInfinity, "x");
        histogram.Observe(1);
        histogram.Observe(1, "x", "y");
        histogram.With("x", "y", "z").Observe(1);
        Assert.That(histogram.Get("x")!.Count, Is.Zero);
        Assert.That(histogram.GetDropped(MeasurementDropReason.NotANumber), Is.EqualTo(1));
        Assert.That(histogram.GetDropped(MeasurementDropReason.Infinite), Is.EqualTo(1));
        Assert.That(histogram.GetDropped(MeasurementDropReason.LabelMismatch), Is.EqualTo(3));
    }

    [Test]
    public void Unknown_series_read_as_nothing() => Assert.That(Metrics.CreateHistogram("none", "", "a").Get("x"), Is.Null);
}
