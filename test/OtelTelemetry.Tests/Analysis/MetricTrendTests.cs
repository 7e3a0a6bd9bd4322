using OtelTelemetry.Analysis;

namespace OtelTelemetry.Tests.Analysis;

public class MetricTrendTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_line_is_found_and_goes_on()
    {
        var trend = MetricTrend.Of(Enumerable.Range(0, 60).Select(i => (s_start.AddMinutes(i), 100 + (2.0 * i))))!;
        Assert.That(trend.SlopePerSecond, Is.EqualTo(2.0 / 60).Within(1e-12));
        Assert.That(trend.Fit, Is.EqualTo(1).Within(1e-12));
        Assert.That(trend.Points, Is.EqualTo(60));
        Assert.That(trend.ValueAt(s_start.AddHours(10)), Is.EqualTo(1300).Within(1e-6));
        Assert.That(trend.WhenReaches(1300, s_start.AddHours(1))!.Value, Is.EqualTo(s_start.AddHours(10)).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(trend.WhenReaches(50, s_start), Is.Null, "it goes the other way");
    }

    [Test]
    public void Noise_around_a_line_hardly_moves_it()
    {
        var random = new Random(1);
        var trend = MetricTrend.Of(Enumerable.Range(0, 10_000).Select(i => (s_start.AddSeconds(i), (0.5 * i) + random.NextDouble() - 0.5)))!;
        Assert.That(trend.SlopePerSecond, Is.EqualTo(0.5).Within(1e-5));
        Assert.That(trend.Fit, Is.GreaterThan(0.999));
    }

    [Test]
    public void What_goes_nowhere_has_no_slope_and_reaches_nothing()
    {
        var trend = MetricTrend.Of([(s_start, 5), (s_start.AddSeconds(1), 5)])!;
        Assert.That((trend.SlopePerSecond, trend.Fit), Is.EqualTo((0.0, 1.0)));
        Assert.That(trend.WhenReaches(6, s_start), Is.Null);
    }

    [Test]
    public void Order_does_not_matter_and_what_is_no_number_is_left_out() =>
        Assert.That(
            MetricTrend.Of([(s_start.AddSeconds(2), 4), (s_start.AddSeconds(1), double.NaN), (s_start, 0)])!.SlopePerSecond,
            Is.EqualTo(2));

    [Test]
    public void Two_different_times_are_needed()
    {
        Assert.That(MetricTrend.Of([]), Is.Null);
        Assert.That(MetricTrend.Of([(s_start, 1)]), Is.Null);
        Assert.That(MetricTrend.Of([(s_start, 1), (s_start, 2)]), Is.Null);
    }
}
