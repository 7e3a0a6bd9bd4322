using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Retry;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Sqlite;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Configuration;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Collectors;

public class RetryCollectorTests : CollectorContract
{
    private readonly List<IAsyncDisposable> _made = [];

    [TearDown]
    public async Task End()
    {
        foreach (var made in _made) await made.DisposeAsync();
        _made.Clear();
    }

    [Test]
    public async Task What_was_not_taken_is_given_again_and_what_comes_later_queues_up_behind_it()
    {
        var collector = Create(Next, new RetryCollectorOptions());
        Record(collector, 0, 5);
        Next.Failure = new IOException("away");
        Record(collector, 5, 5);
        await collector.FlushAsync();
        Record(collector, 10, 2);
        var stats = collector.GetStats();
        Assert.That((stats.Recorded, stats.Applied, stats.Buffered, stats.DroppedTotal), Is.EqualTo((12L, 5L, 7L, 0L)), stats.ToString());

        Next.Failure = null;
        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => Next.Count == 12, "all are taken");
        Assert.That(Next.Metrics.Select(metric => metric.Value), Is.EqualTo(Enumerable.Range(0, 12)));

        await collector.FlushAsync();
        Record(collector, 12, 1);
        Assert.That(Next.Count, Is.EqualTo(13), "It passes straight through again.");
        Assert.That((collector.GetStats().Applied, collector.GetStats().Buffered), Is.EqualTo((13L, 0L)));
    }

    [Test]
    public async Task A_batch_that_fails_in_the_middle_is_not_given_twice()
    {
        var next = new Stumbling(value: 37, times: 4);
        var collector = Create(next, new RetryCollectorOptions { BatchSize = 100 });
        next.FailsAlways = true;
        Record(collector, 0, 100);
        await collector.FlushAsync();
        next.FailsAlways = false;

        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => next.Taken.Count == 100, "all are taken");
        await collector.FlushAsync();

        Assert.That(next.Taken, Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That((collector.GetStats().Applied, collector.GetStats().Buffered), Is.EqualTo((100L, 0L)));
    }

    [Test]
    public async Task A_measurement_comes_back_as_it_was()
    {
        var collector = Create(Next, new RetryCollectorOptions());
        var metric = new Metric("latency", 0.25, MetricTags.Of(("a", "1"), ("b", "\ud83d\ude00")), new Dictionary<string, object?> { ["user"] = "7", ["n"] = 3L, ["ok"] = true, ["none"] = null, ["ratio"] = 0.5 }, Clock.GetUtcNow()).Sampled(2.5, 3);
        Next.Failure = new IOException("away");
        collector.Record(metric);
        await collector.FlushAsync();
        Next.Failure = null;
        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => Next.Count == 1, "it is taken");

        var back = Next.Metrics.Single();
        Assert.That((back.Name, back.Value, back.Tags, back.Timestamp, back.Weight, back.Represents), Is.EqualTo((metric.Name, metric.Value, metric.Tags, metric.Timestamp, 2.5, 3L)));
        Assert.That(back.Metadata, Is.EqualTo(metric.Metadata));
    }

    [Test]
    public async Task What_is_tried_too_often_or_does_not_fit_is_dropped_and_counted()
    {
        await using var delivery = new DeliveryMonitor(null, null, Clock);
        var collector = Create(Next, new RetryCollectorOptions { Name = "given_up", MaxRetries = 2, BatchSize = 10, MaxBytes = 2000 }, delivery);
        Next.Failure = new IOException("away");
        Record(collector, 0, 100);
        await collector.FlushAsync();
        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => collector.GetStats().Buffered == 0, "all are given up");

        var stats = collector.GetStats();
        Assert.That((stats.Recorded, stats.Applied), Is.EqualTo((100L, 0L)));
        Assert.That(stats.Dropped.Keys, Is.EquivalentTo(new[] { "failed", "outbox_full" }), stats.ToString());
        var report = delivery.GetReport().Destinations.Single();
        Assert.That((report.Name, report.Signal, report.Accepted, report.LastError), Is.EqualTo(("given_up", "metrics", 100L, "measurements are not taken: away")));
        Assert.That(report.Dropped["attempts"] + report.Dropped["outbox_full"], Is.EqualTo(100));
    }

    [Test]
    public async Task What_waits_in_a_file_is_taken_in_the_next_run_and_counted_by_the_pipeline()
    {
        using var folder = new TemporaryFolder();
        Next.Failure = new IOException("away");
        await Run(async pipeline =>
        {
            for (var i = 0; i < 5; i++) pipeline.Record("orders_total", i, ("shop", "a"));
            await pipeline.FlushAsync();
            Assert.That((pipeline.GetStats().Recorded, pipeline.GetStats().Buffered), Is.EqualTo((5L, 5L)));
        });
        Assert.That(Next.Count, Is.Zero);

        Next.Failure = null;
        await Run(async pipeline =>
        {
            await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => Next.Count == 5, "what was left is taken");
            pipeline.Record("orders_total", 5, ("shop", "a"));
            await pipeline.FlushAsync();
        });

        Assert.That(Next.Metrics.Select(metric => metric.Value), Is.EqualTo(Enumerable.Range(0, 6)));

        async Task Run(Func<CollectorPipeline, Task> run)
        {
            using var outbox = new SqliteOutbox(folder.File("outbox.db"), Clock);
            await using var delivery = new DeliveryMonitor(null, outbox, Clock);
            await using var metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = new MetricsRegistry(), TimeProvider = Clock });
            var stages = new List<CollectorOptions>();
            new CollectorPipelineBuilder(stages).UseRetry().Use(_ => Next);
            await using (var pipeline = new CollectorPipeline(metrics, stages, delivery)) await run(pipeline);
            await delivery.ShutdownAsync(TimeSpan.FromSeconds(1));
        }
    }

    [Test]
    public async Task Many_threads_and_a_next_one_that_fails_now_and_then_lose_and_double_nothing()
    {
        var next = new Flapping();
        await using var delivery = new DeliveryMonitor(new DeliveryOptions { Backoff = TimeSpan.FromMilliseconds(5), MaxBackoff = TimeSpan.FromMilliseconds(20) });
        var collector = new RetryCollector(next, new RetryCollectorOptions { BatchSize = 500, MaxDelay = TimeSpan.FromMilliseconds(10) }, delivery);
        _made.Add(collector);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Record(collector, 0, 5_000))));
        await Within.Time(
            () =>
            {
                collector.FlushAsync().AsTask().GetAwaiter().GetResult();
                return collector.GetStats().Buffered == 0;
            },
            "all are taken");

        var stats = collector.GetStats();
        Assert.That((stats.Recorded, stats.Applied), Is.EqualTo((40_000L, next.Taken)), stats.ToString());
        Assert.That(stats.Applied + stats.DroppedTotal, Is.EqualTo(40_000), stats.ToString());
        Assert.That(stats.Dropped.Keys, Is.SubsetOf(new[] { "buffer_full" }));
    }

    [Test]
    public async Task A_sink_that_fails_gets_its_batches_again_in_order()
    {
        await using var delivery = new DeliveryMonitor(null, null, Clock);
        var inner = new FailingSink();
        var sink = new RetryingMetricSink(inner, delivery, timeProvider: Clock);
        await sink.WriteAsync(Batch(0, 3), CancellationToken.None);
        inner.Failure = new IOException("the share is gone");
        await sink.WriteAsync(Batch(3, 3), CancellationToken.None);
        await sink.WriteAsync(Batch(6, 2), CancellationToken.None);
        Assert.That(await delivery.FlushAsync(), Is.False);
        Assert.That(delivery.GetReport().Destinations.Single().PendingItems, Is.EqualTo(5));

        inner.Failure = null;
        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => inner.Written.Count == 8, "all are written");

        Assert.That(inner.Written, Is.EqualTo(Enumerable.Range(0, 8)));
        await delivery.FlushAsync();
        var report = delivery.GetReport().Destinations.Single();
        Assert.That((report.Name, report.Accepted, report.Delivered, report.PendingItems), Is.EqualTo(("failing_sink", 8L, 8L, 0L)));
        await sink.DisposeAsync();
        Assert.That(inner.IsDisposed, Is.True);
    }

    [Test]
    public void Its_settings_are_read_and_checked()
    {
        var options = (RetryCollectorOptions)TelemetrySettingsTests.Bind(
            ("Telemetry:Metrics:Collectors:0:Type", "Retry"), ("Telemetry:Metrics:Collectors:0:MaxRetries", "3"), ("Telemetry:Metrics:Collectors:0:RetryDelay", "2s"),
            ("Telemetry:Metrics:Collectors:0:MaxBytes", "1MiB"), ("Telemetry:Metrics:Collectors:0:MaxAge", "1h"), ("Telemetry:Metrics:Collectors:0:BatchSize", "50")).Options.Metrics.Collectors.Single();
        Assert.That(options, Is.EqualTo(new RetryCollectorOptions { MaxRetries = 3, RetryDelay = TimeSpan.FromSeconds(2), MaxBytes = 1 << 20, MaxAge = TimeSpan.FromHours(1), BatchSize = 50 }));

        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            ("Telemetry:Metrics:Collectors:0:Type", "Retry"), ("Telemetry:Metrics:Collectors:0:MaxRetries", "0"), ("Telemetry:Metrics:Collectors:1:Type", "Retry"), ("Telemetry:Metrics:Collectors:1:Name", "retry_collector")));
        Assert.That(error!.Errors.Select(one => one.Setting), Is.EquivalentTo(new[] { "Telemetry:Metrics:Collectors:0:MaxRetries", "Telemetry:Metrics:Collectors:1:Name" }), error.Message);
    }

    [Test]
    public async Task One_name_is_for_one_collector()
    {
        await using var delivery = new DeliveryMonitor(null, null, Clock);
        Create(Next, new RetryCollectorOptions(), delivery);
        Assert.That(() => new RetryCollector(Next, new RetryCollectorOptions(), delivery), Throws.ArgumentException.With.Message.Contains("retry_collector"));
        Assert.That(() => new RetryCollector(Next, new RetryCollectorOptions { Name = "Not One", MaxRetries = 0 }, delivery), Throws.ArgumentException.With.Message.Contains("MaxRetries").And.Message.Contains("Name"));
    }

    /// <summary>One try more, so that what fails has an end.</summary>
    protected override IMetricCollector Create(IMetricCollector next) => Create(next, new RetryCollectorOptions { MaxRetries = 1 });

    private RetryCollector Create(IMetricCollector next, RetryCollectorOptions options, DeliveryMonitor? delivery = null)
    {
        var collector = new RetryCollector(next, options, delivery, Clock);
        _made.Add(collector);
        return collector;
    }

    private static void Record(IMetricCollector collector, int first, int count)
    {
        for (var i = 0; i < count; i++) collector.Record("requests_total", first + i);
    }

    private static Metric[] Batch(int first, int count) => [.. Enumerable.Range(first, count).Select(i => new Metric("n", i))];

    /// <summary>Does not take one value the first times.</summary>
    private sealed class Stumbling(int value, int times) : IMetricCollector
    {
        private int _left = times;

        public List<double> Taken { get; } = [];

        public bool FailsAlways { get; set; }

        public void Record(in Metric metric)
        {
            if (FailsAlways || (metric.Value == value && _left-- > 0)) throw new IOException("not now");
            Taken.Add(metric.Value);
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public CollectorStatistics GetStats() => new();
    }

    /// <summary>Does not take about one in two hundred.</summary>
    private sealed class Flapping : IMetricCollector
    {
        private int _calls;
        private long _taken;

        public long Taken => Volatile.Read(ref _taken);

        public void Record(in Metric metric)
        {
            if (Interlocked.Increment(ref _calls) % 199 == 0) throw new IOException("not now");
            Interlocked.Increment(ref _taken);
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public CollectorStatistics GetStats() => new();
    }

    private sealed class FailingSink : IMetricSink, IDisposable
    {
        public string Name => "failing_sink";

        public Exception? Failure { get; set; }

        public List<double> Written { get; } = [];

        public bool IsDisposed { get; private set; }

        public ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
        {
            if (Failure is not null) throw Failure;
            foreach (var metric in batch.Span) Written.Add(metric.Value);
            return ValueTask.CompletedTask;
        }

        public void Dispose() => IsDisposed = true;
    }
}
