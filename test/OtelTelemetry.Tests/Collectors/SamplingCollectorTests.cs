using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Sampling;
using OtelTelemetry.Metrics;
using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Collectors;

public class SamplingCollectorTests : CollectorContract
{
    private const int Records = 1_000_000;

    [Test]
    public void The_estimate_of_a_counter_is_within_three_standard_errors_in_every_run()
    {
        const double rate = 0.1;
        using var metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = new MetricsRegistry() });
        var within = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var counter = metrics.CreateCounter($"run_{seed}_total");
            var sampling = new SamplingCollector(metrics, new SamplingCollectorOptions { Rate = rate, Random = new Random(seed) });
            var (total, variance) = (0.0, 0.0);
            for (var i = 0; i < Records; i++)
            {
                var value = 1 + (i % 10);
                total += value;
                variance += value * value * (1 - rate) / rate;
                sampling.Record(new Metric(counter.Name, value));
            }

            if (Math.Abs(counter.Get() - total) <= 3 * Math.Sqrt(variance)) within++;
        }

        Assert.That(within, Is.EqualTo(20));
    }

    [TestCase(0.1)]
    [TestCase(0.3)]
    [TestCase(0.75)]
    [TestCase(0.0001)]
    public void The_number_that_is_kept_hardly_varies(double rate)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var next = new CollectingCollector();
            var sampling = new SamplingCollector(next, new SamplingCollectorOptions { Rate = rate, Random = new Random(seed) });
            for (var i = 0; i < 100_000; i++) sampling.Record(new Metric("n", 1));
            Assert.That(next.Metrics.Sum(metric => metric.ScaledValue), Is.EqualTo(100_000).Within(1 / rate));
        }
    }

    [TestCase(0.1, 10)]
    [TestCase(0.3, 7)]
    [TestCase(0.5, 2)]
    [TestCase(0.75, 4)]
    public void Every_place_counts_as_much_as_any_other(double rate, int period)
    {
        // A caller that goes through its metrics in turn, in step with the rate.
        var counted = new double[period];
        var sampling = new SamplingCollector(new Counting(metric => counted[(int)metric.Value] += metric.Weight), new SamplingCollectorOptions { Rate = rate, Random = new Random(5) });
        const int rounds = 100_000;
        for (var i = 0; i < rounds * period; i++) sampling.Record(new Metric("n", i % period));
        Assert.That(counted, Is.All.EqualTo(rounds).Within(4 * Math.Sqrt(rounds * (1 - rate) / rate)));
    }

    [Test]
    public void Many_threads_keep_the_rate_as_well()
    {
        var next = new CollectingCollector { Keeps = false };
        var sampling = new SamplingCollector(next, new SamplingCollectorOptions { Rate = 0.1 });
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 100_000; i++) sampling.Record(new Metric("n", 1));
        });
        Assert.That(next.Count, Is.EqualTo(80_000).Within(2 * (ProcessorStripes.Count + 1)));
    }

    [TestCase(0.1)]
    [TestCase(0.3)]
    [TestCase(0.75)]
    public void Counts_and_sums_of_histograms_and_summaries_stay_unbiased(double rate)
    {
        using var metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = new MetricsRegistry() });
        var histogram = metrics.CreateHistogram("seconds", "", [1, 2, 3]);
        var summary = metrics.CreateSummary("bytes");
        var sampling = new SamplingCollector(metrics, new SamplingCollectorOptions { Rate = rate, Random = new Random(7) });
        const int count = 200_000;
        for (var i = 0; i < count; i++)
        {
            sampling.Record("seconds", i % 4);
            sampling.Record("bytes", i % 4);
        }

        // Of each value a quarter: the standard error of a count is sqrt(n (1 - rate) / rate), and rounding weights adds a little.
        var error = 3.5 * Math.Sqrt(count * ((1 - rate) / rate + 0.25));
        var buckets = histogram.Get()!;
        Assert.That(buckets.Count, Is.EqualTo(count).Within(error));
        Assert.That(buckets.Sum, Is.EqualTo(1.5 * count).Within(error * 2));
        Assert.That(buckets.BucketCounts[0], Is.EqualTo(count / 2).Within(error));
        Assert.That(summary.Get()!.Count, Is.EqualTo(count).Within(error));
        Assert.That(summary.Get()!.Sum, Is.EqualTo(1.5 * count).Within(error * 2));
    }

    [Test]
    public void What_is_kept_says_that_it_was_sampled_and_at_which_rate()
    {
        var collector = new SamplingCollector(Next, new SamplingCollectorOptions { Rate = 0.25, Random = new Random(3) });
        for (var i = 0; i < 100; i++) collector.Record("n", 3, MetricTags.Empty, new Dictionary<string, object?> { ["user"] = "x" });
        var metric = Next.Metrics[0];
        Assert.That(metric.Metadata, Is.EqualTo(new Dictionary<string, object?> { ["user"] = "x", ["sampled"] = true, ["sample_rate"] = 0.25 }));
        Assert.That((metric.IsSampled, metric.SampleRate, metric.Weight, metric.Value, metric.ScaledValue, metric.Represents), Is.EqualTo((true, 0.25, 4.0, 3.0, 12.0, 4L)));
        Assert.That((metric with { Timestamp = Clock.GetUtcNow() }).ScaledValue, Is.EqualTo(12), "a copy keeps the weight");
    }

    [Test]
    public void What_is_left_out_is_counted()
    {
        var collector = new SamplingCollector(Next, new SamplingCollectorOptions { Rate = 0.25, Random = new Random(3) });
        for (var i = 0; i < 1000; i++) collector.Record("n", 1);
        var stats = collector.GetStats();
        Assert.That(stats.Applied, Is.EqualTo(Next.Count));
        Assert.That(stats.Dropped[CollectorDropReasons.SampledOut], Is.EqualTo(1000 - Next.Count));
    }

    [Test]
    public void Two_samplings_multiply()
    {
        var inner = new SamplingCollector(Next, new SamplingCollectorOptions { Rate = 0.5, Random = new Random(1) });
        var outer = new SamplingCollector(inner, new SamplingCollectorOptions { Rate = 0.4, Random = new Random(2) });
        for (var i = 0; i < 100_000; i++) outer.Record("n", 1);
        // Now and then two strata of 2.5 measurements choose the same one.
        Assert.That(Next.Metrics.Select(metric => Math.Round(metric.Weight, 9)).Distinct().Order(), Is.EqualTo(new[] { 5, 10 }));
        Assert.That(Next.Metrics.Sum(metric => metric.Represents), Is.EqualTo(100_000).Within(3).Percent);
    }

    [Test]
    public void A_metric_can_have_a_rate_of_its_own()
    {
        var collector = new SamplingCollector(Next, new SamplingCollectorOptions { Rate = 0, Rates = new Dictionary<string, double> { ["orders"] = 1 } });
        collector.Record("requests", 1);
        collector.Record("orders", 1);
        Assert.That(Next.Metrics.Single().Name, Is.EqualTo("orders"));
        Assert.That(Next.Metrics.Single().IsSampled, Is.False);
    }

    [Test]
    public void A_gauge_is_set_to_what_was_kept()
    {
        using var metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = new MetricsRegistry() });
        var gauge = metrics.CreateGauge("temperature");
        var collector = new SamplingCollector(metrics, new SamplingCollectorOptions { Rate = 0.5, Random = new Random(3) });
        for (var i = 0; i < 20; i++) collector.Record("temperature", 21.5);
        Assert.That(gauge.Get(), Is.EqualTo(21.5));
    }

    [TestCase(-0.1)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    public void Rates_are_parts_of_a_whole(double rate)
    {
        Assert.That(() => new SamplingCollector(Next, rate), Throws.ArgumentException.With.Message.Contains("Rate").And.Message.Contains("0 (none) to 1 (all)"));
        Assert.That(
            () => new SamplingCollector(Next, new SamplingCollectorOptions { Rates = new Dictionary<string, double> { ["n"] = rate } }),
            Throws.ArgumentException.With.Message.Contains("Rates:n"));
    }

    private sealed class Counting(Action<Metric> count) : IMetricCollector
    {
        public void Record(in Metric metric) => count(metric);

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public CollectorStatistics GetStats() => new();
    }

    protected override IMetricCollector Create(IMetricCollector next) => new SamplingCollector(next, 1);
}
