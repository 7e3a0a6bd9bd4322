using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Batch;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Collectors;

public class BatchCollectorTests : CollectorContract
{
    [Test]
    public void A_full_batch_goes_on_at_once()
    {
        var collector = Batched(Next, 3);
        collector.Record("n", 1);
        collector.Record("n", 2);
        Assert.That(Next.Count, Is.Zero);
        Assert.That(collector.GetStats().Buffered, Is.EqualTo(2));
        collector.Record("n", 3);
        Assert.That(Next.Metrics.Select(metric => metric.Value), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void Nothing_is_held_back_for_longer_than_the_age()
    {
        var collector = Batched(Next, 100);
        collector.Record("n", 1);
        Clock.Advance(TimeSpan.FromSeconds(0.9));
        collector.Record("n", 2);
        Assert.That(Next.Count, Is.Zero);
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(Next.Count, Is.EqualTo(2), "a second after the first");

        collector.Record("n", 3);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Next.Count, Is.EqualTo(3));
    }

    [Test]
    public async Task The_order_of_every_series_is_kept_by_many_threads()
    {
        var collector = Batched(Next, 64);
        Parallel.For(0, 8, thread =>
        {
            var tags = MetricTags.Of(("thread", $"{thread}"));
            for (var i = 0; i < 2_000; i++) collector.Record("n", i, tags);
        });
        await collector.FlushAsync();
        var stats = collector.GetStats();
        foreach (var series in Next.Metrics.GroupBy(metric => metric.Tags))
        {
            Assert.That(series.Select(metric => metric.Value), Is.Ordered.Ascending);
            if (stats.DroppedTotal == 0) Assert.That(series.Count(), Is.EqualTo(2_000));
        }
    }

    [Test]
    public async Task While_the_next_one_hangs_nobody_waits_and_past_the_capacity_is_counted()
    {
        using var gate = new ManualResetEventSlim();
        var next = new BlockingCollector(gate);
        var collector = new BatchCollector(next, new BatchCollectorOptions { BatchSize = 2, Capacity = 4 }, Clock);
        collector.Record("n", 0);
        var hanging = Task.Run(() => collector.Record("n", 1));
        next.Entered.Wait();
        for (var i = 2; i < 10; i++) collector.Record("n", i);

        var stats = collector.GetStats();
        Assert.That(stats.Dropped[CollectorDropReasons.BufferFull], Is.EqualTo(4));
        Assert.That(stats.Buffered, Is.EqualTo(6));
        gate.Set();
        await hanging;
        await collector.FlushAsync();
        Assert.That(next.Values, Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(collector.GetStats().Buffered, Is.Zero);
    }

    [Test]
    public void What_could_not_pass_while_another_thread_was_at_it_passes_by_age()
    {
        using var gate = new ManualResetEventSlim();
        var next = new BlockingCollector(gate);
        var collector = new BatchCollector(next, new BatchCollectorOptions { BatchSize = 2 }, Clock);
        collector.Record("n", 0);
        var hanging = Task.Run(() => collector.Record("n", 1));
        next.Entered.Wait();
        collector.Record("n", 2);
        collector.Record("n", 3);
        gate.Set();
        hanging.Wait();
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(next.Values, Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [Test]
    public async Task Whoever_comes_next_may_record_here_again()
    {
        BatchCollector collector = null!;
        var next = new EchoingCollector(() => collector);
        collector = Batched(next, 2);
        collector.Record("n", 1);
        collector.Record("n", 2);
        await collector.FlushAsync();
        await collector.FlushAsync();
        Assert.That(next.Values, Is.EqualTo(new[] { 1, 2, 101, 102 }));
    }

    [Test]
    public void Wrong_settings_are_all_told() =>
        Assert.That(
            () => new BatchCollector(Next, new BatchCollectorOptions { BatchSize = 0, Capacity = -1, MaxAge = TimeSpan.Zero }),
            Throws.ArgumentException.With.Message.Contains("BatchSize").And.Message.Contains("Capacity").And.Message.Contains("MaxAge"));

    protected override IMetricCollector Create(IMetricCollector next) => Batched(next, 100);

    private BatchCollector Batched(IMetricCollector next, int size) => new(next, new BatchCollectorOptions { BatchSize = size, Capacity = 1_000_000 }, Clock);

    private sealed class BlockingCollector(ManualResetEventSlim gate) : IMetricCollector
    {
        private readonly List<double> _values = [];

        public ManualResetEventSlim Entered { get; } = new();

        public IReadOnlyList<double> Values => _values;

        public void Record(in Metric metric)
        {
            Entered.Set();
            gate.Wait();
            _values.Add(metric.Value);
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public CollectorStatistics GetStats() => new();
    }

    private sealed class EchoingCollector(Func<IMetricCollector> target) : IMetricCollector
    {
        private readonly List<double> _values = [];

        public IReadOnlyList<double> Values => _values;

        public void Record(in Metric metric)
        {
            _values.Add(metric.Value);
            if (metric.Value < 100) target().Record("n", metric.Value + 100);
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public CollectorStatistics GetStats() => new();
    }
}
