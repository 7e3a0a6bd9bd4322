using OtelTelemetry.Analysis;

namespace OtelTelemetry.Tests.Analysis;

public class AnomalyDetectorTests
{
    [Test]
    public void A_spike_is_an_anomaly_and_the_next_one_is_still_one()
    {
        var detector = new AnomalyDetector();
        var random = new Random(1);
        for (var i = 0; i < 500; i++) detector.Observe(100 + Normal(random));
        Assert.That(detector.Observe(120), Has.Property("IsAnomaly").True.And.Property("Deviations").GreaterThan(10));
        Assert.That(detector.Observe(80), Has.Property("IsAnomaly").True.And.Property("Deviations").LessThan(-10));
        Assert.That(detector.Observe(120).IsAnomaly, Is.True);
        Assert.That(detector.Observe(100.5).IsAnomaly, Is.False);
    }

    [Test]
    public void Of_normal_values_few_are_called_anomalies()
    {
        var detector = new AnomalyDetector(threshold: 4, halfLife: 1000);
        var random = new Random(2);
        var anomalies = Enumerable.Range(0, 100_000).Count(_ => detector.Observe(Normal(random)).IsAnomaly);
        Assert.That(anomalies, Is.LessThan(60), "about 6 by chance");
        Assert.That(detector.Mean, Is.EqualTo(0).Within(0.15));
        Assert.That(detector.StandardDeviation, Is.EqualTo(1).Within(0.1));
    }

    [Test]
    public void A_new_level_is_learned()
    {
        var detector = new AnomalyDetector(halfLife: 20);
        var random = new Random(3);
        for (var i = 0; i < 200; i++) detector.Observe(Normal(random));
        Assert.That(detector.Observe(50).IsAnomaly, Is.True);
        for (var i = 0; i < 500; i++) detector.Observe(50 + Normal(random));
        Assert.That(detector.Observe(50).IsAnomaly, Is.False);
        Assert.That(detector.Mean, Is.EqualTo(50).Within(2));
    }

    [Test]
    public void The_first_values_are_only_learned_from()
    {
        var detector = new AnomalyDetector(warmUp: 5);
        foreach (var value in new[] { 1.0, 1, 1, 1, 900 }) Assert.That(detector.Observe(value).IsAnomaly, Is.False);
    }

    [Test]
    public void Where_nothing_ever_varied_any_change_is_an_anomaly()
    {
        var detector = new AnomalyDetector();
        for (var i = 0; i < 50; i++) detector.Observe(7);
        Assert.That(detector.Observe(7).IsAnomaly, Is.False);
        Assert.That(detector.Observe(7.1).IsAnomaly, Is.True);
    }

    [Test]
    public void What_is_no_number_is_an_anomaly_and_nothing_is_learned_from_it()
    {
        var detector = new AnomalyDetector();
        Assert.That(detector.Mean, Is.NaN);
        detector.Observe(1);
        Assert.That(detector.Observe(double.NaN).IsAnomaly, Is.True);
        Assert.That(detector.Observe(double.PositiveInfinity).IsAnomaly, Is.True);
        Assert.That(detector.Mean, Is.EqualTo(1));
    }

    [TestCase(0, 100, 20)]
    [TestCase(3, 0, 20)]
    [TestCase(3, 100, 1)]
    public void Settings_out_of_range_are_refused(double threshold, double halfLife, int warmUp) =>
        Assert.That(() => new AnomalyDetector(threshold, halfLife, warmUp), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
