using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Aggregating;
using OtelTelemetry.Collectors.Sampling;
using OtelTelemetry.Tests.Contracts;

namespace OtelTelemetry.Tests.Collectors;

public class AggregatingCollectorTests : CollectorContract
{
    [Test]
    public void Count_sum_smallest_and_largest_are_kept_for_each_name_and_tags()
    {
        var collector = new AggregatingCollector(Next);
        collector.Record("seconds", 3, ("a", "x"), ("b", "y"));
        collector.Record("seconds", 1, ("b", "y"), ("a", "x"));
        collector.Record("seconds", 8, ("a", "x"), ("b", "z"));
        collector.Record("bytes", -5);

        Assert.That(collector.GetAggregate("seconds", MetricTags.Of(("a", "x"), ("b", "y"))), Is.EqualTo(new MetricAggregate("seconds", MetricTags.Of(("a", "x"), ("b", "y")), 2, 4, 1, 3)));
        Assert.That(collector.GetAggregate("bytes"), Is.EqualTo(new MetricAggregate("bytes", MetricTags.Empty, 1, -5, -5, -5)));
        Assert.That(collector.GetAggregate("bytes", MetricTags.Of(("a", "x"))), Is.Null);
        Assert.That(collector.GetAggregates(), Has.Count.EqualTo(3));
        Assert.That(collector.GetAggregates().Single(aggregate => aggregate.Sum == 4).Mean, Is.EqualTo(2));
        Assert.That(Next.Count, Is.EqualTo(4), "every measurement goes on");
    }

    [Test]
    public void A_window_begins_anew_and_the_last_complete_one_can_be_read()
    {
        var collector = new AggregatingCollector(Next, new AggregatingCollectorOptions { Window = TimeSpan.FromSeconds(10) }, Clock);
        collector.Record("seconds", 1);
        Clock.Advance(TimeSpan.FromSeconds(9.9));
        collector.Record("seconds", 2);
        Assert.That(collector.GetAggregate("seconds")!.Sum, Is.EqualTo(3));
        Assert.That(collector.GetLastWindow(), Is.Empty);

        Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.That(collector.GetAggregates(), Is.Empty);
        Assert.That(collector.GetLastWindow().Single().Sum, Is.EqualTo(3));
        collector.Record("seconds", 5);
        Assert.That(collector.GetAggregates().Single(), Is.EqualTo(new MetricAggregate("seconds", MetricTags.Empty, 1, 5, 5, 5)));

        Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That(collector.GetLastWindow(), Is.Empty, "the window before this one had no measurement");
    }

    [Test]
    public void Past_the_cap_measurements_pass_and_are_counted_as_not_aggregated()
    {
        var collector = new AggregatingCollector(Next, new AggregatingCollectorOptions { MaxSeries = 2 }, Clock);
        foreach (var user in new[] { "a", "b", "c", "a", "d" }) collector.Record("requests", 1, ("user", user));
        Assert.That(collector.GetAggregates(), Has.Count.EqualTo(2));
        Assert.That(collector.Unaggregated, Is.EqualTo(2));
        Assert.That(Next.Count, Is.EqualTo(5));
    }

    [Test]
    public void With_windows_what_is_idle_makes_room()
    {
        var collector = new AggregatingCollector(Next, new AggregatingCollectorOptions { MaxSeries = 2, Window = TimeSpan.FromSeconds(1) }, Clock);
        collector.Record("requests", 1, ("user", "a"));
        collector.Record("requests", 1, ("user", "b"));
        Clock.Advance(TimeSpan.FromSeconds(2));
        collector.Record("requests", 1, ("user", "c"));
        Assert.That(collector.Unaggregated, Is.Zero);
        Assert.That(collector.GetAggregates().Single().Tags, Is.EqualTo(MetricTags.Of(("user", "c"))));
    }

    [Test]
    public void What_is_no_finite_number_does_not_spoil_an_aggregate()
    {
        var collector = new AggregatingCollector(Next);
        collector.Record("seconds", 1);
        collector.Record("seconds", double.NaN);
        collector.Record("seconds", double.PositiveInfinity);
        Assert.That(collector.GetAggregate("seconds")!.Sum, Is.EqualTo(1));
        Assert.That(collector.Unaggregated, Is.EqualTo(2));
    }

    [Test]
    public void Sampled_measurements_count_for_those_they_stand_for()
    {
        var aggregating = new AggregatingCollector(Next);
        var sampling = new SamplingCollector(aggregating, new SamplingCollectorOptions { Rate = 0.25, Random = new Random(1) });
        for (var i = 0; i < 100_000; i++) sampling.Record("seconds", 2);
        var aggregate = aggregating.GetAggregate("seconds")!;
        Assert.That(aggregate.Count, Is.EqualTo(4 * Next.Count));
        Assert.That(aggregate.Sum, Is.EqualTo(8 * Next.Count));
        Assert.That(aggregate.Count, Is.EqualTo(100_000).Within(3).Percent);
    }

    [Test]
    public void It_is_exact_under_many_threads()
    {
        var collector = new AggregatingCollector(Next);
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 5_000; i++) collector.Record("n", thread, ("even", i % 2 == 0 ? "yes" : "no"));
        });
        Assert.That(collector.GetAggregates().Select(aggregate => (aggregate.Count, aggregate.Sum, aggregate.Min, aggregate.Max)), Is.All.EqualTo((20_000.0, 70_000.0, 0.0, 7.0)));
    }

    [Test]
    public void Reset_forgets_everything()
    {
        var collector = new AggregatingCollector(Next);
        collector.Record("seconds", 1);
        collector.Reset();
        Assert.That(collector.GetAggregates(), Is.Empty);
    }

    [Test]
    public void Wrong_settings_are_all_told() =>
        Assert.That(
            () => new AggregatingCollector(Next, new AggregatingCollectorOptions { MaxSeries = 0, Window = TimeSpan.Zero }),
            Throws.ArgumentException.With.Message.Contains("MaxSeries").And.Message.Contains("Window"));

    protected override IMetricCollector Create(IMetricCollector next) => new AggregatingCollector(next, new AggregatingCollectorOptions(), Clock);
}
