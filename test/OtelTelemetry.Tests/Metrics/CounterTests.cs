using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class CounterTests : MetricsTestBase
{
    [Test]
    public void A_counter_without_labels_is_there_from_the_start()
    {
        var counter = Metrics.CreateCounter("started");
        Assert.That(Metrics.Collect("started")!.Samples.Single().Value, Is.Zero);
        counter.Inc();
        Assert.That(Metrics.Collect("started")!.Samples.Single().Value, Is.EqualTo(1));
    }

    [Test]
    public void Amounts_of_every_form_add_up()
    {
        var counter = Metrics.CreateCounter("sum");
        counter.Inc();
        counter.Inc(41);
        counter.Inc(3.0);
        counter.Inc(0.5);
        Assert.That(counter.Get(), Is.EqualTo(45.5));
    }

    [Test]
    public void Integers_above_the_exact_range_of_doubles_are_not_lost()
    {
        var counter = Metrics.CreateCounter("large");
        counter.Inc(1L << 53);
        for (var i = 0; i < 4; i++) counter.Inc();
        Assert.That(counter.Get(), Is.EqualTo((double)((1L << 53) + 4)));
    }

    [Test]
    public void The_largest_amounts_do_not_overflow()
    {
        var counter = Metrics.CreateCounter("huge");
        counter.Inc(long.MaxValue);
        counter.Inc(long.MaxValue);
        counter.Inc(5);
        Assert.That(counter.Get(), Is.EqualTo(2.0 * long.MaxValue).Within(1e-12).Percent);
    }

    [Test]
    public void Labels_by_position_and_by_name_mean_the_same_series()
    {
        var counter = Metrics.CreateCounter("requests_total", "", "method", "status");
        counter.Inc("GET", "200");
        counter.With("GET", "200").Inc(2);
        counter.With(("status", "200"), ("method", "GET")).Inc(3);
        Assert.That(counter.Get("GET", "200"), Is.EqualTo(6));
        Assert.That(counter.SeriesCount, Is.EqualTo(1));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(7)]
    public void Every_number_of_labels_works(int labels)
    {
        var counter = Metrics.CreateCounter("many", "", [.. Enumerable.Range(0, labels).Select(i => $"l{i}")]);
        string[] values = [.. Enumerable.Range(0, labels).Select(i => $"value {i}")];
        string[] others = [.. values[..^1], "other"];
        counter.Inc(values.AsSpan());
        counter.Inc(2, values.AsSpan());
        counter.Inc(others.AsSpan());
        Assert.That(counter.Get(values), Is.EqualTo(3));
        Assert.That(counter.Get(others), Is.EqualTo(1));
        var sample = Metrics.Collect("many")!.Samples[0];
        Assert.That(sample.Labels, Is.EqualTo(Enumerable.Range(0, labels).ToDictionary(i => $"l{i}", i => $"value {i}")));
    }

    [Test]
    public void Overloads_with_separate_strings_find_the_same_series_as_an_array()
    {
        var one = Metrics.CreateCounter("one", "", "a");
        var two = Metrics.CreateCounter("two", "", "a", "b");
        var three = Metrics.CreateCounter("three", "", "a", "b", "c");
        var four = Metrics.CreateCounter("four", "", "a", "b", "c", "d");
        for (var i = 0; i < 3; i++)
        {
            one.Inc("x");
            two.Inc("x", "y");
            three.Inc("x", "y", "z");
            four.Inc("x", "y", "z", "u");
        }

        one.Inc(["x"]);
        two.Inc(["x", "y"]);
        three.Inc(["x", "y", "z"]);
        four.Inc(["x", "y", "z", "u"]);
        Assert.That(new[] { one.Get("x"), two.Get("x", "y"), three.Get("x", "y", "z"), four.Get("x", "y", "z", "u") }, Is.All.EqualTo(4));
    }

    [Test]
    public void A_missing_label_value_is_the_empty_one()
    {
        var counter = Metrics.CreateCounter("empty", "", "a", "b");
        counter.Inc(null!, "x");
        counter.Inc(["", "x"]);
        counter.With(("b", "x"), ("a", null!)).Inc();
        Assert.That(counter.Get("", "x"), Is.EqualTo(3));
    }

    [Test]
    public void What_cannot_be_counted_is_counted_by_reason_and_never_throws()
    {
        var counter = Metrics.CreateCounter("strict", "", "a");
        counter.Inc(-1, "x");
        counter.Inc(-0.5, "x");
        counter.Inc(double.NaN, "x");
        counter.Inc(double.PositiveInfinity, "x");
        counter.Inc(double.NegativeInfinity, "x");
        counter.Inc();
        counter.Inc("x", "y");
        counter.With("x", "y", "z").Inc(3);
        counter.With(("b", "x")).Inc();
        counter.With(("a", "x"), ("a", "x")).Inc(0.5);
        Assert.That(counter.Get("x"), Is.Zero);
        Assert.That(counter.GetDropped(MeasurementDropReason.NegativeIncrement), Is.EqualTo(2));
        Assert.That(counter.GetDropped(MeasurementDropReason.NotANumber), Is.EqualTo(1));
        Assert.That(counter.GetDropped(MeasurementDropReason.Infinite), Is.EqualTo(2));
        Assert.That(counter.GetDropped(MeasurementDropReason.LabelMismatch), Is.EqualTo(5));
    }

    [Test]
    public void Drops_are_a_metric_of_their_own()
    {
        var name = "dropping_" + Guid.NewGuid().ToString("N");
        Metrics.CreateCounter(name).Inc(-1);
        var dropped = (Counter)MetricsRegistry.Default.Metrics.Single(metric => metric.Name == "telemetry_dropped_total");
        Assert.That(dropped.Get("metrics", name, "negative_increment"), Is.EqualTo(1));
    }

    [Test]
    public void Reading_makes_no_series()
    {
        var counter = Metrics.CreateCounter("quiet", "", "a");
        Assert.That(counter.Get("x"), Is.Zero);
        Assert.That(counter.Get("x", "y"), Is.Zero);
        Assert.That(counter.SeriesCount, Is.Zero);
    }
}
