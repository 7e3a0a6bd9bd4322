using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Exporters.Deltas;

public class BucketWindowTests
{
    private readonly BucketWindow _window = new();
    private BucketBaseline _baseline = null!;

    [SetUp]
    public void CreateBaseline() => _baseline = new BucketBaseline();

    [TestCase(0.5, 0.1)]
    [TestCase(0.25, 0.05)]
    [TestCase(0.75, 1)]
    [TestCase(0.99, 1)]
    public void Within_a_bucket_observations_are_taken_as_evenly_spread_and_the_last_bucket_for_its_beginning(double quantile, double expected)
    {
        _window.Fill(new HistogramView([0.1, 1], [2, 1, 1], 0, []), _baseline);
        Assert.That(_window.Quantile(quantile), Is.EqualTo(expected).Within(1e-12));
        Assert.That((_window.Lowest, _window.Highest, _window.Total), Is.EqualTo((0, 1, 4)));
    }

    [Test]
    public void A_lowest_bucket_below_zero_counts_as_its_bound()
    {
        _window.Fill(new HistogramView([-5, 5], [1, 1, 0], 0, []), _baseline);
        Assert.That((_window.Lowest, _window.Highest), Is.EqualTo((-5, 5)));
    }

    [Test]
    public void Without_bounds_or_observations_nothing_can_be_told()
    {
        _window.Fill(new HistogramView([], [5], 10, []), _baseline);
        Assert.That((_window.Quantile(0.5), _window.HasEdges), Is.EqualTo((double.NaN, false)));
        _window.Fill(new HistogramView([1], [0, 0], 0, []), _baseline);
        Assert.That((_window.Quantile(0.5), _window.Lowest, _window.Highest), Is.EqualTo((double.NaN, 0, 0)));
    }

    [Test]
    public void Exponential_buckets_that_became_coarser_are_compared_with_the_finer_ones_before()
    {
        // Scale 1: (1, 1.41], (1.41, 2], (2, 2.83], (2.83, 4]; scale 0: (1, 2], (2, 4], (4, 8].
        _window.Fill(new ExponentialHistogramView(1, 1, 0, [1, 2, 3, 4], 11, 0, []), _baseline);
        _baseline.Commit();
        _window.Fill(new ExponentialHistogramView(0, 3, 0, [4, 7, 5], 19, 0, []), _baseline);
        Assert.That(_window.Counts.ToArray(), Is.EqualTo(new double[] { 2, 0, 1, 0, 5 }));
        Assert.That((_window.Lowest, _window.Highest, _window.Total), Is.EqualTo((0, 8, 8)));
    }

    [Test]
    public void Negative_indexes_become_coarser_as_well()
    {
        // Index -3 and -2 of scale 1 are index -2 and -1 of scale 0.
        _window.Fill(new ExponentialHistogramView(1, 0, -3, [1, 2], 3, 0, []), _baseline);
        _baseline.Commit();
        _window.Fill(new ExponentialHistogramView(0, 0, -2, [2, 2], 4, 0, []), _baseline);
        Assert.That(_window.Counts.ToArray(), Is.EqualTo(new double[] { 0, 0, 1, 0 }));
    }

    [Test]
    public void Buckets_beyond_what_a_number_holds_end_at_the_largest_number()
    {
        _window.Fill(new ExponentialHistogramView(0, 0, 1022, [0, 1], 1, 0, []), _baseline);
        Assert.That(_window.Highest, Is.EqualTo(double.MaxValue));
    }
}
