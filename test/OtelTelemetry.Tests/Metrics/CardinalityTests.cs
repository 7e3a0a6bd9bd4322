using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Metrics;

public class CardinalityTests : MetricsTestBase
{
    [Test]
    public void Past_the_cap_everything_is_in_the_overflow_series()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("capped") { LabelNames = ["user", "kind"], MaxSeries = 3 });
        for (var i = 0; i < 10; i++) counter.Inc($"user {i}", "a");
        counter.Inc("user 0", "a");
        var samples = Metrics.Collect("capped")!.Samples;
        Assert.That(counter.SeriesCount, Is.EqualTo(3));
        Assert.That(samples.Select(sample => sample.Value), Is.EqualTo(new double[] { 2, 1, 1, 7 }));
        Assert.That(samples[^1].Labels, Is.EqualTo(new Dictionary<string, string> { ["otel.metric.overflow"] = "true" }));
        Assert.That(counter.OverflowedLookups, Is.EqualTo(7));
    }

    [Test]
    public void A_million_label_values_end_at_the_cap_with_the_right_total_and_bounded_memory()
    {
        const int Values = 1_000_000;
        var counter = Metrics.CreateCounter("attacked", "", "route", "user");
        counter.Inc("/", "first");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Values; i++) counter.Inc("/", "user-" + i.ToString("D7", null));
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(Metrics.Collect("attacked")!.Samples.Sum(sample => sample.Value), Is.EqualTo(Values + 1));
        Assert.That(counter.SeriesCount, Is.EqualTo(2000));
        Assert.That(grown, Is.LessThan(2_000_000));

        var report = Metrics.CardinalityReport();
        var metric = report.Overflowing.Single();
        Assert.That(metric.Metric, Is.EqualTo("attacked"));
        Assert.That(metric.GuiltyLabel!.Name, Is.EqualTo("user"));
        Assert.That(metric.GuiltyLabel.DistinctValues, Is.EqualTo(2000));
        Assert.That(report.ToString(), Does.Contain("attacked: 2000 of 2000 series").And.Contain("'user'"));
    }

    [Test]
    public void Values_made_to_collide_change_the_hash_and_lose_nothing()
    {
        var counter = Metrics.CreateCounter(new CounterOptions("collided") { LabelNames = ["a"], MaxSeries = 1500 });
        // The same length, head, middle and tail, by which the fast hash goes.
        string[] values = [.. Enumerable.Range(0, 1000).Select(i => $"head{i:D4}------middle------{i:D4}tail")];
        foreach (var value in values) counter.Inc(value);
        foreach (var value in values) counter.Inc(value);
        Assert.That(counter.Table.UsesSeededHash, Is.True);
        Assert.That(values.Select(value => counter.Get(value)), Is.All.EqualTo(2));
        Assert.That(counter.SeriesCount, Is.EqualTo(1000));
    }

    [Test]
    public void Ordinary_values_keep_the_fast_hash()
    {
        var counter = Metrics.CreateCounter("ordinary", "", "method", "route", "status");
        foreach (var method in new[] { "GET", "POST", "PUT", "DELETE" })
        {
            for (var route = 0; route < 40; route++)
            {
                foreach (var status in new[] { "200", "201", "204", "400", "404", "500", "", "x", "ok" }) counter.Inc(method, $"/api/v1/resource-{route:D3}", status);
            }
        }

        Assert.That(counter.SeriesCount, Is.EqualTo(4 * 40 * 9));
        Assert.That(counter.Table.UsesSeededHash, Is.False);
    }
}
