using OtelTelemetry.Collectors;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Contracts;

/// <summary>What every collector that stands in front of another must do. A collector's own tests derive from it.</summary>
public abstract class CollectorContract
{
    protected FakeClock Clock { get; private set; } = null!;

    protected CollectingCollector Next { get; private set; } = null!;

    [SetUp]
    public void CreateNext()
    {
        Clock = new FakeClock();
        Next = new CollectingCollector();
    }

    /// <summary>The collector with settings under which it lets everything of these tests pass, at once or when flushed.</summary>
    protected abstract IMetricCollector Create(IMetricCollector next);

    [Test]
    public async Task Every_measurement_passes_whole_and_in_order()
    {
        var collector = Create(Next);
        var tags = MetricTags.Of(("endpoint", "/api"), ("method", "GET"));
        var metadata = new Dictionary<string, object?> { ["user_id"] = "123" };
        var sent = Enumerable.Range(0, 250).Select(i => new Metric("requests_total", i, tags, metadata, Clock.GetUtcNow())).ToArray();
        foreach (var metric in sent) collector.Record(metric);
        await collector.FlushAsync();

        Assert.That(Next.Metrics, Is.EqualTo(sent));
    }

    [Test]
    public async Task A_flush_goes_on_to_the_next_collector()
    {
        await Create(Next).FlushAsync();
        Assert.That(Next.Flushes, Is.EqualTo(1));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    [TestCase(-1)]
    [TestCase(double.MaxValue)]
    public async Task Whatever_the_value_it_is_the_instrument_that_decides(double value)
    {
        var collector = Create(Next);
        collector.Record("odd", value);
        await collector.FlushAsync();
        Assert.That(Next.Metrics.Single().Value, Is.EqualTo(value));
    }

    [Test]
    public async Task Names_and_tags_may_be_anything()
    {
        var collector = Create(Next);
        collector.Record(default);
        collector.Record("", 1);
        collector.Record("\ud83d\ude00 \"quoted\"\n", 1, ("\ud83d\ude00", new string('x', 10_000)));
        await collector.FlushAsync();
        Assert.That(Next.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task What_the_next_one_throws_is_counted_and_reaches_nobody()
    {
        var collector = Create(Next);
        Next.Failure = new InvalidOperationException("broken");
        for (var i = 0; i < 250; i++) collector.Record("requests_total", 1);
        await collector.FlushAsync();

        var stats = collector.GetStats();
        Assert.That(stats.Recorded, Is.EqualTo(250));
        Assert.That(stats.Dropped, Is.EqualTo(new Dictionary<string, long> { [CollectorDropReasons.Failed] = 250 }));
        Assert.That(stats.Buffered, Is.Zero);
    }

    [Test]
    public async Task Recorded_is_applied_and_dropped_and_buffered()
    {
        var collector = Create(Next);
        for (var i = 0; i < 250; i++)
        {
            collector.Record("requests_total", 1);
            var stats = collector.GetStats();
            Assert.That(stats.Recorded, Is.EqualTo(i + 1));
            Assert.That(stats.Applied, Is.EqualTo(Next.Count));
            Assert.That(stats.Applied + stats.Buffered + stats.DroppedTotal, Is.EqualTo(stats.Recorded));
        }

        await collector.FlushAsync();
        Assert.That(collector.GetStats().Buffered, Is.Zero);
        Assert.That(collector.GetStats().Applied, Is.EqualTo(250));
    }

    [Test]
    public async Task Nothing_is_lost_or_doubled_by_many_threads()
    {
        var next = new CollectingCollector { Keeps = false };
        var collector = Create(next);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 5_000; i++) collector.Record("requests_total", 1);
        });
        await collector.FlushAsync();

        var stats = collector.GetStats();
        Assert.That(stats.Recorded, Is.EqualTo(40_000));
        Assert.That(stats.Applied, Is.EqualTo(next.Count));
        Assert.That(stats.Applied + stats.DroppedTotal, Is.EqualTo(40_000));
    }

    [Test]
    public async Task Ending_it_loses_nothing_and_may_be_done_twice()
    {
        var collector = Create(Next);
        for (var i = 0; i < 7; i++) collector.Record("requests_total", i);
        await ((IAsyncDisposable)collector).DisposeAsync();
        await ((IAsyncDisposable)collector).DisposeAsync();
        Assert.That(Next.Metrics.Select(metric => metric.Value), Is.EqualTo(Enumerable.Range(0, 7)));
        Assert.That(collector.GetStats().Buffered, Is.Zero);

        collector.Record("requests_total", 7);
        Assert.That(Next.Count, Is.EqualTo(8), "what comes after the end passes straight through");
        Assert.That(collector.GetStats().Recorded, Is.EqualTo(8));
    }

    [Test]
    public async Task Recording_allocates_nothing_in_steady_state()
    {
        var next = new CollectingCollector { Keeps = false };
        var collector = Create(next);
        var tags = MetricTags.Of(("endpoint", "/api"));
        Record(20_000);

        var least = Allocated.Least(() => Record(20_000));
        Assert.That(least, Is.LessThan(1000), "20,000 measurements");
        await collector.FlushAsync();

        void Record(int count)
        {
            for (var i = 0; i < count; i++) collector.Record("requests_total", i, tags);
        }
    }
}
