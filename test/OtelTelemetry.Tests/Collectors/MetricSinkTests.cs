using OtelTelemetry.Collectors;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Collectors;

public class MetricSinkTests : MetricsTestBase
{
    /// <summary>A sink that hangs is waited for, on the clock of the test.</summary>
    [TearDown]
    public Task EndSinks() => RunClockUntil(Metrics.DisposeAsync().AsTask());

    [Test]
    public async Task A_sink_gets_raw_measurements_with_their_time_in_order()
    {
        var sink = new InMemoryMetricSink();
        Metrics.AddSink(sink);
        var tags = MetricTags.Of(("user", "x"));
        for (var i = 0; i < 2500; i++) Metrics.Record("n_total", i, tags, new Dictionary<string, object?> { ["request"] = i });
        await Metrics.FlushAsync();

        var metrics = sink.GetMetrics();
        Assert.That(metrics.Select(metric => metric.Value), Is.EqualTo(Enumerable.Range(0, 2500)));
        Assert.That(metrics[7], Has.Property("Name").EqualTo("n_total").And.Property("Tags").EqualTo(tags).And.Property("Timestamp").EqualTo(Clock.GetUtcNow()));
        Assert.That(metrics[7].Metadata!["request"], Is.EqualTo(7));
        var stats = Metrics.GetStats().Sinks.Single();
        Assert.That((stats.Name, stats.Accepted, stats.Flushed, stats.Buffered, stats.Dropped.Count), Is.EqualTo(("in_memory_sink", 2500L, 2500L, 0L, 0)));
        Assert.That(Metrics.GetStats().Flushed, Is.EqualTo(2500));
    }

    [Test]
    public void The_metric_itself_is_current_at_once()
    {
        Metrics.AddSink(new HangingSink());
        Metrics.Record("n_total", 3);
        Assert.That(Metrics.Collect("n_total")!.Samples.Single().Value, Is.EqualTo(3));
    }

    [Test]
    public async Task A_full_batch_is_written_at_once()
    {
        var sink = new SignallingSink();
        Metrics.AddSink(sink, new MetricBufferOptions { BatchSize = 10 });
        for (var i = 0; i < 9; i++) Metrics.Record("n_total", 1);
        Assert.That(sink.Batches, Is.Empty);
        Metrics.Record("n_total", 1);
        Assert.That(await sink.Written.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(sink.Batches, Is.EqualTo(new[] { 10 }));
    }

    [Test]
    public async Task What_waits_is_written_when_the_interval_is_over()
    {
        var sink = new SignallingSink();
        Metrics.AddSink(sink, new MetricBufferOptions { FlushInterval = TimeSpan.FromSeconds(60) });
        Metrics.Record("n_total", 1);
        Metrics.Record("n_total", 1);
        Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(sink.Batches, Is.Empty);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await sink.Written.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(sink.Batches, Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public async Task What_an_instrument_refuses_reaches_no_sink()
    {
        var sink = new InMemoryMetricSink();
        Metrics.AddSink(sink);
        Metrics.Record("n_total", -1);
        await Metrics.FlushAsync();
        Assert.That(sink.Written, Is.Zero);
    }

    [Test]
    public async Task Past_the_capacity_is_counted_and_the_others_go_on()
    {
        var (hanging, other) = (new HangingSink(), new InMemoryMetricSink());
        Metrics.AddSink(hanging, new MetricBufferOptions { BatchSize = 10, Capacity = 20 });
        Metrics.AddSink(other, new MetricBufferOptions { BatchSize = 10, Capacity = 1000 });
        for (var i = 0; i < 10; i++) Metrics.Record("n_total", 1);
        Assert.That(await hanging.Entered.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        for (var i = 0; i < 90; i++) Metrics.Record("n_total", 1);

        var stats = Metrics.GetStats();
        Assert.That(stats.Applied, Is.EqualTo(100));
        Assert.That((stats.Sinks[0].Buffered, stats.Sinks[0].Dropped[CollectorDropReasons.BufferFull]), Is.EqualTo((30L, 70L)));
        var flush = Metrics.FlushAsync().AsTask();
        Clock.Advance(TimeSpan.FromSeconds(10));
        await flush;
        Assert.That(other.Written, Is.EqualTo(100));
    }

    [Test]
    public async Task A_batch_the_sink_fails_to_write_is_counted_and_the_next_one_is_written()
    {
        var sink = new FailingSink { Failures = 1 };
        Metrics.AddSink(sink, new MetricBufferOptions { BatchSize = 10 });
        for (var i = 0; i < 10; i++) Metrics.Record("n_total", 1);
        await Metrics.FlushAsync();
        for (var i = 0; i < 5; i++) Metrics.Record("n_total", 1);
        await Metrics.FlushAsync();

        var stats = Metrics.GetStats().Sinks.Single();
        Assert.That((stats.Accepted, stats.Flushed, stats.Dropped[CollectorDropReasons.Failed]), Is.EqualTo((15L, 5L, 10L)));
    }

    [Test]
    public async Task The_end_gives_the_sinks_what_is_left_and_closes_them()
    {
        var sink = new SignallingSink();
        var metrics = CreateCollector(options => options);
        metrics.AddSink(sink);
        for (var i = 0; i < 1234; i++) metrics.Record("n_total", 1);
        await metrics.DisposeAsync();
        Assert.That(sink.Batches.Sum(), Is.EqualTo(1234));
        Assert.That(sink.Closed, Is.EqualTo(1));
        Assert.That(metrics.GetStats().Sinks.Single().Buffered, Is.Zero);
    }

    [Test]
    public async Task The_end_waits_no_longer_for_a_sink_that_hangs_than_it_may()
    {
        var sink = new HangingSink();
        var metrics = CreateCollector(options => options);
        metrics.AddSink(sink, new MetricBufferOptions { BatchSize = 10, WriteTimeout = TimeSpan.FromSeconds(3) });
        for (var i = 0; i < 15; i++) metrics.Record("n_total", 1);
        Assert.That(await sink.Entered.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        await RunClockUntil(metrics.DisposeAsync().AsTask());
        var stats = metrics.GetStats().Sinks.Single();
        Assert.That((stats.Buffered, stats.Flushed), Is.EqualTo((0L, 0L)));
        Assert.That((stats.Dropped[CollectorDropReasons.TimedOut], stats.Dropped[CollectorDropReasons.Stopped]), Is.EqualTo((10L, 5L)));
    }

    [Test]
    public async Task Accepted_is_flushed_and_buffered_and_dropped_at_every_moment()
    {
        var sink = new FailingSink { EveryThird = true };
        Metrics.AddSink(sink, new MetricBufferOptions { BatchSize = 16, Capacity = 64 });
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            long last = 0;
            while (!stop.IsCancellationRequested)
            {
                var stats = Metrics.GetStats().Sinks.Single();
                Assert.That(stats.Flushed + stats.Buffered + stats.Dropped.Values.Sum(), Is.EqualTo(stats.Accepted));
                Assert.That(stats.Accepted, Is.GreaterThanOrEqualTo(last));
                last = stats.Accepted;
            }
        });
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 20_000; i++) Metrics.Record("n_total", 1);
        });
        await Metrics.FlushAsync();
        stop.Cancel();
        await reader;
        var end = Metrics.GetStats().Sinks.Single();
        Assert.That((end.Accepted, end.Buffered, end.Flushed), Is.EqualTo((80_000L, 0L, sink.Written)));
    }

    [TestCase(0, 10)]
    [TestCase(10, 5)]
    public void Wrong_settings_are_told(int batchSize, int capacity) =>
        Assert.That(() => Metrics.AddSink(new InMemoryMetricSink(), new MetricBufferOptions { BatchSize = batchSize, Capacity = capacity }), Throws.ArgumentException);

    [Test]
    public async Task The_sink_in_memory_keeps_the_latest()
    {
        var sink = new InMemoryMetricSink(capacity: 3);
        Metrics.AddSink(sink);
        for (var i = 0; i < 10; i++) Metrics.Record("n_total", i);
        await Metrics.FlushAsync();
        Assert.That(sink.GetMetrics().Select(metric => metric.Value), Is.EqualTo(new[] { 7, 8, 9 }));
        Assert.That(sink.Written, Is.EqualTo(10));
    }

    private async Task RunClockUntil(Task end)
    {
        while (!end.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await end;
    }

    private sealed class SignallingSink : IMetricSink, IDisposable
    {
        private readonly List<int> _batches = [];

        public string Name => "signalling_sink";

        public SemaphoreSlim Written { get; } = new(0);

        public IReadOnlyList<int> Batches
        {
            get
            {
                lock (_batches) return [.. _batches];
            }
        }

        public int Closed { get; private set; }

        public ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
        {
            lock (_batches) _batches.Add(batch.Length);
            Written.Release();
            return ValueTask.CompletedTask;
        }

        public void Dispose() => Closed++;
    }

    private sealed class HangingSink : IMetricSink
    {
        public string Name => "hanging_sink";

        public SemaphoreSlim Entered { get; } = new(0);

        public ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
        {
            Entered.Release();
            return new ValueTask(new TaskCompletionSource().Task);
        }
    }

    private sealed class FailingSink : IMetricSink
    {
        private int _calls;

        public string Name => "failing_sink";

        public int Failures { get; set; }

        public bool EveryThird { get; set; }

        public long Written { get; private set; }

        public ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
        {
            if (Failures-- > 0 || (EveryThird && ++_calls % 3 == 0)) throw new IOException("no space left");
            Written += batch.Length;
            return ValueTask.CompletedTask;
        }
    }
}
