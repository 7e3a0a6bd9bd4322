using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Reading;

/// <summary>Quantiles from histograms of any origin. The expected numbers of the first cases are those of Prometheus' own
/// <c>histogram_quantile</c> for the same buckets.</summary>
public class QuantileTests : MetricsTestBase
{
    [TestCase(0.5, 2.5)]
    [TestCase(0.0, 0)]
    [TestCase(0.25, 1)]
    [TestCase(0.75, 4)]
    [TestCase(0.9, 4)]
    [TestCase(1, 4)]
    public void Inside_a_bucket_values_lie_evenly(double quantile, double expected)
    {
        var histogram = new HistogramSample([1, 4], [1, 2, 1], 10);

        Assert.That(histogram.GetQuantile(quantile), Is.EqualTo(expected));
        Assert.That(new HistogramView([1, 4], [1, 2, 1], 10, default).GetQuantile(quantile), Is.EqualTo(expected));
    }

    [Test]
    public void The_ends_are_answered_as_Prometheus_does() => Assert.Multiple(() =>
    {
        Assert.That(new HistogramSample([1, 2], [0, 0, 0], 0).GetQuantile(0.5), Is.NaN, "nothing observed");
        Assert.That(new HistogramSample([], [5], 10).GetQuantile(0.5), Is.NaN, "no bound");
        Assert.That(new HistogramSample([1, 2], [0, 0, 7], 70).GetQuantile(0.5), Is.EqualTo(2), "all past the last bound");
        Assert.That(new HistogramSample([-5, 2], [4, 0, 0], 70).GetQuantile(0.5), Is.EqualTo(-5), "a first bucket without a beginning");
        Assert.That(new HistogramSample([1, 2, 3], [0, 4, 0, 0], 6).GetQuantile(0), Is.EqualTo(1), "the lowest is where the first value may be");
        Assert.That(() => new HistogramSample([1], [1, 0], 1).GetQuantile(95), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new HistogramSample([1], [1, 0], 1).GetQuantile(double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
    });

    [TestCase(0, 0, 0, 0.5, 2.8284271247461903)]
    [TestCase(0, 4, 0, 0.25, 0)]
    [TestCase(2, 0, 0, 1, 1.6817928305074290)]
    [TestCase(0, 0, -3, 0.5, 0.35355339059327379)]
    public void Inside_an_exponential_bucket_they_lie_evenly_on_the_logarithmic_scale(int scale, long zeros, int offset, double quantile, double expected)
    {
        var histogram = new ExponentialHistogramSample(scale, zeros, offset, [1, 2, 1], 4 + zeros, 0);

        Assert.That(histogram.GetQuantile(quantile), Is.EqualTo(expected).Within(1e-12));
        Assert.That(new ExponentialHistogramView(scale, zeros, offset, [1, 2, 1], 4 + zeros, 0, default).GetQuantile(quantile), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void An_empty_exponential_histogram_has_none() =>
        Assert.That(new ExponentialHistogramSample(3, 0, 0, [], 0, 0).GetQuantile(0.5), Is.NaN);

    [Test]
    public void For_random_values_the_answer_is_in_the_bucket_of_the_true_quantile() => Prop.ForAll(
        (from values in Gen.Choose(1, 9_999).NonEmptyListOf()
         from quantile in Gen.Choose(0, 100)
         select (values, quantile: quantile / 100.0)).ToArbitrary(),
        input =>
        {
            double[] bounds = [10, 100, 1000, 10_000];
            var histogram = Metrics.CreateHistogram("h" + Guid.NewGuid().ToString("N"), "", bounds);
            foreach (var value in input.values) histogram.Observe(value);
            var sorted = input.values.Order().ToArray();
            var exact = sorted[Math.Clamp((int)Math.Ceiling(input.quantile * sorted.Length) - 1, 0, sorted.Length - 1)];

            var answer = MetricFamilyMaterializer.Materialize(histogram).Samples[0].Histogram!.GetQuantile(input.quantile);

            var bucket = bounds.Count(bound => exact > bound);
            Assert.That(answer, Is.InRange(bucket == 0 ? 0 : bounds[bucket - 1], bounds[bucket]));
        }).Check(Config.QuickThrowOnFailure);

    [Test]
    public void The_read_model_answers_by_name_and_labels()
    {
        var histogram = Metrics.CreateHistogram("seconds", "", [1, 2, 4], "route", "status");
        for (var i = 0; i < 10; i++)
        {
            histogram.Observe(0.5, "/a", "200");
            histogram.Observe(3, "/a", "500");
            histogram.Observe(1.5, "/b", "200");
        }

        var summary = Metrics.CreateSummary("wait", "", "queue");
        summary.Observe(7, "fast");
        Metrics.CreateGauge("level").Set(3);
        var model = new MetricReadModel(Registry);

        Assert.Multiple(() =>
        {
            Assert.That(model.GetQuantile("seconds", 0.5, ("route", "/a"), ("status", "200")), Is.EqualTo(0.5));
            Assert.That(model.GetQuantile("seconds", 1, ("route", "/a")), Is.EqualTo(4), "Series are put together.");
            Assert.That(model.GetQuantile("seconds", 0.5), Is.EqualTo(1.5));
            Assert.That(model.GetQuantile("seconds", 0.5, ("status", "404")), Is.NaN);
            Assert.That(model.GetQuantile("nothing", 0.5), Is.NaN);
            Assert.That(model.GetQuantile("level", 0.5), Is.NaN);
            Assert.That(model.GetQuantile("wait", 0.95, ("queue", "fast")), Is.EqualTo(7).Within(0.15));
            Assert.That(model.GetQuantile("wait", 0.33), Is.NaN, "A quantile that is not published.");
            Assert.That(() => model.GetQuantile("seconds", 50), Throws.TypeOf<ArgumentOutOfRangeException>());
        });
        summary.Observe(7, "slow");
        Assert.That(model.GetQuantile("wait", 0.95), Is.NaN, "Quantiles of several series cannot be put together.");
    }
}
