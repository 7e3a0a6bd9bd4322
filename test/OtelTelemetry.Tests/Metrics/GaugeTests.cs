using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class GaugeTests : MetricsTestBase
{
    [Test]
    public void A_gauge_goes_up_and_down()
    {
        var gauge = Metrics.CreateGauge("connections");
        gauge.Set(42);
        gauge.Inc();
        gauge.Inc(0.5);
        gauge.Dec();
        gauge.Dec(2.5);
        Assert.That(gauge.Get(), Is.EqualTo(40));
    }

    [Test]
    public void Series_are_apart()
    {
        var gauge = Metrics.CreateGauge("depth", "", "queue", "host");
        gauge.Set(3, "a", "1");
        gauge.Inc("a", "2");
        gauge.Inc(4, "a", "2");
        gauge.Dec("a", "1");
        gauge.Dec(2, "a", "2");
        gauge.With(("host", "3"), ("queue", "a")).Set(-7);
        Assert.That(new[] { gauge.Get("a", "1"), gauge.Get("a", "2"), gauge.Get("a", "3") }, Is.EqualTo(new double[] { 2, 3, -7 }));
    }

    [Test]
    public void What_is_no_number_is_dropped_and_the_value_stays()
    {
        var gauge = Metrics.CreateGauge("steady", "", "a");
        gauge.Set(5, "x");
        gauge.Set(double.NaN, "x");
        gauge.Inc(double.PositiveInfinity, "x");
        gauge.Dec(double.PositiveInfinity, "x");
        gauge.Set(1);
        gauge.Inc("x", "y");
        Assert.That(gauge.Get("x"), Is.EqualTo(5));
        Assert.That(gauge.GetDropped(MeasurementDropReason.NotANumber), Is.EqualTo(1));
        Assert.That(gauge.GetDropped(MeasurementDropReason.Infinite), Is.EqualTo(2));
        Assert.That(gauge.GetDropped(MeasurementDropReason.LabelMismatch), Is.EqualTo(2));
    }
}
