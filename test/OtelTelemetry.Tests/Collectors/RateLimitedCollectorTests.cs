using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.RateLimited;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Collectors;

public class RateLimitedCollectorTests : CollectorContract
{
    [Test]
    public void Eight_threads_pass_exactly_the_limit_in_every_window()
    {
        const int limit = 100;
        var next = new CollectingCollector { Keeps = false };
        var collector = Limited(next, new RateLimitedCollectorOptions { PermitLimit = limit });
        for (var window = 1; window <= 10; window++)
        {
            // In four steps, so that threads also race at times other than a window's beginning.
            for (var step = 0; step < 4; step++)
            {
                Parallel.For(0, 8, _ =>
                {
                    for (var i = 0; i < 500; i++) collector.Record("requests_total", 1);
                });
                Clock.Advance(TimeSpan.FromMilliseconds(250));
            }

            Assert.That(next.Count, Is.EqualTo(window * limit), $"after window {window}");
        }

        var stats = collector.GetStats();
        Assert.That(stats.Dropped[CollectorDropReasons.RateLimited], Is.EqualTo(stats.Recorded - next.Count));
    }

    [Test]
    public void Threads_that_race_with_the_clock_never_pass_more_than_the_limit()
    {
        const int limit = 50;
        var next = new CollectingCollector { Keeps = false };
        var collector = Limited(next, new RateLimitedCollectorOptions { PermitLimit = limit });
        using var stop = new CancellationTokenSource();
        var threads = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested) collector.Record("requests_total", 1);
            },
            TaskCreationOptions.LongRunning)).ToArray();
        for (var window = 1; window <= 50; window++)
        {
            SpinWait.SpinUntil(() => next.Count >= window * limit);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        stop.Cancel();
        Task.WaitAll(threads);
        Assert.That(next.Count, Is.InRange(50 * limit, 51 * limit));
    }

    [Test]
    public void Unused_permits_may_be_used_later_as_far_as_the_burst_allows()
    {
        var collector = Limited(Next, new RateLimitedCollectorOptions { PermitLimit = 10, Burst = 15 });
        Assert.That(Passed(100), Is.EqualTo(10), "the first window has nothing to fall back on");
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Passed(4), Is.EqualTo(4));
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Passed(100), Is.EqualTo(16), "six were left");
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(Passed(100), Is.EqualTo(25), "no more than the burst on top");

        int Passed(int records)
        {
            var before = Next.Count;
            for (var i = 0; i < records; i++) collector.Record("n", 1);
            return (int)(Next.Count - before);
        }
    }

    [Test]
    public void A_metric_with_a_limit_of_its_own_does_not_use_up_the_common_one()
    {
        var collector = Limited(Next, new RateLimitedCollectorOptions { PermitLimit = 3, PermitLimits = new Dictionary<string, int> { ["loud"] = 1, ["never"] = 0 } });
        foreach (var name in new[] { "loud", "loud", "never", "a", "b", "a", "b" }) collector.Record(name, 1);
        Assert.That(Next.Metrics.Select(metric => metric.Name), Is.EqualTo(new[] { "loud", "a", "b", "a" }));
    }

    [Test]
    public void Each_metric_can_have_the_limit_for_itself()
    {
        var collector = Limited(Next, new RateLimitedCollectorOptions { PermitLimit = 1, PerName = true });
        foreach (var name in new[] { "a", "b", "a", "b", "c" }) collector.Record(name, 1);
        Assert.That(Next.Metrics.Select(metric => metric.Name), Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public void However_many_names_there_are_the_limits_are_bounded()
    {
        var next = new CollectingCollector { Keeps = false };
        var collector = Limited(next, new RateLimitedCollectorOptions { PermitLimit = 5, PerName = true });
        for (var i = 0; i < RateLimitedCollector.MostNames + 1000; i++) collector.Record($"name_{i}", 1);
        Assert.That(next.Count, Is.EqualTo(RateLimitedCollector.MostNames + 5), "names past the bound share one limit");
    }

    [Test]
    public void The_system_s_clock_refills_the_permits()
    {
        var next = new CollectingCollector { Keeps = false };
        var collector = new RateLimitedCollector(next, new RateLimitedCollectorOptions { PermitLimit = 5, Window = TimeSpan.FromMilliseconds(10) });
        Assert.That(
            SpinWait.SpinUntil(
                () =>
                {
                    collector.Record("n", 1);
                    return next.Count >= 15;
                },
                TimeSpan.FromSeconds(30)),
            Is.True);
    }

    [Test]
    public void Wrong_settings_are_all_told() =>
        Assert.That(
            () => new RateLimitedCollector(Next, new RateLimitedCollectorOptions { PermitLimit = -1, Burst = -1, Window = TimeSpan.Zero, PermitLimits = new Dictionary<string, int> { ["n"] = -2 } }),
            Throws.ArgumentException.With.Message.Contains("PermitLimit:").And.Message.Contains("Burst").And.Message.Contains("Window").And.Message.Contains("PermitLimits:n"));

    protected override IMetricCollector Create(IMetricCollector next) => Limited(next, new RateLimitedCollectorOptions { PermitLimit = int.MaxValue });

    private RateLimitedCollector Limited(IMetricCollector next, RateLimitedCollectorOptions options) => new(next, options, Clock);
}
