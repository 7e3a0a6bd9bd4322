using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Aggregating;
using OtelTelemetry.Collectors.Batch;
using OtelTelemetry.Collectors.RateLimited;
using OtelTelemetry.Collectors.Sampling;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Collectors;

public class CollectorPipelineTests : MetricsTestBase
{
    [Test]
    public void What_is_written_first_sees_a_measurement_first()
    {
        var seen = new List<string>();
        var pipeline = Metrics.CreatePipeline(collectors => collectors
            .Use(next => new Noting(next, "first", seen))
            .Use(next => new Noting(next, "second", seen))
            .Use(next => new Noting(next, "third", seen)));
        pipeline.Record("n_total", 1);
        Assert.That(seen, Is.EqualTo(new[] { "first", "second", "third" }));
        Assert.That(pipeline.Stages.Cast<Noting>().Select(stage => stage.Name), Is.EqualTo(seen));
    }

    [Test]
    public void Without_collectors_it_goes_straight_to_the_instrument()
    {
        var pipeline = Metrics.CreatePipeline(_ => { });
        pipeline.Record("n_total", 2);
        Assert.That(((Counter)Metrics.GetMetric("n_total")!).Get(), Is.EqualTo(2));
        Assert.That(pipeline.GetStats(), Has.Property("Recorded").EqualTo(1).And.Property("Applied").EqualTo(1));
    }

    [Test]
    public async Task Every_measurement_is_accounted_for_over_all_collectors()
    {
        Metrics.CreateCounter("n_total", "", "thread");
        await using var pipeline = Metrics.CreatePipeline(collectors => collectors
            .UseAggregation()
            .UseSampling(new SamplingCollectorOptions { Rate = 0.5, Random = new Random(1) })
            .UseRateLimit(300)
            .UseBatching(64));
        for (var i = 0; i < 1000; i++) pipeline.Record("n_total", i % 10 == 0 ? -1 : 1, ("thread", "1"));

        var stats = pipeline.GetStats();
        Assert.That(stats.Recorded, Is.EqualTo(1000));
        Assert.That(stats.Dropped[CollectorDropReasons.SampledOut], Is.EqualTo(500));
        Assert.That(stats.Dropped[CollectorDropReasons.RateLimited], Is.EqualTo(200));
        Assert.That(stats.Buffered, Is.EqualTo(300 % 64));
        Assert.That(stats.Applied + stats.Dropped[CollectorDropReasons.NegativeIncrement], Is.EqualTo(300 - (300 % 64)));
        await pipeline.FlushAsync();
        Assert.That(pipeline.GetStats().Buffered, Is.Zero);
    }

    /// <summary>Random pipelines, random measurements by many threads; a reader that looks all the time.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(6)]
    public async Task Recorded_is_applied_and_dropped_and_buffered_at_every_moment(int seed)
    {
        const int threads = 6;
        var random = new Random(seed);
        var counter = Metrics.CreateCounter("n_total");
        var pipeline = Metrics.CreatePipeline(collectors => AddRandom(collectors, random));
        var (begun, ended, stop) = (0L, 0L, false);
        var reader = Task.Run(() =>
        {
            var looks = 0;
            var last = new CollectorStatistics();
            while (!Volatile.Read(ref stop) || looks == 0)
            {
                var least = Volatile.Read(ref ended);
                var stats = pipeline.GetStats();
                Assert.That(stats.Applied + stats.DroppedTotal + stats.Buffered, Is.EqualTo(stats.Recorded));
                var most = Volatile.Read(ref begun);
                Assert.That(stats.Recorded, Is.InRange(least, most));
                Assert.That(stats.Buffered, Is.InRange(0, HeldAtMost(pipeline) + threads + (most - least)));
                Assert.That(stats.Applied, Is.GreaterThanOrEqualTo(last.Applied));
                Assert.That(stats.DroppedTotal, Is.GreaterThanOrEqualTo(last.DroppedTotal));
                last = stats;
                looks++;
            }
        });
        Parallel.For(0, threads, thread =>
        {
            var values = new Random((seed * 100) + thread);
            for (var i = 0; i < 20_000; i++)
            {
                Interlocked.Increment(ref begun);
                pipeline.Record("n_total", values.Next(20) switch { 0 => -1, 1 => double.NaN, _ => 1 });
                Interlocked.Increment(ref ended);
                if (thread == 0 && i % 500 == 0) Clock.Advance(TimeSpan.FromMilliseconds(values.Next(1500)));
            }
        });
        Volatile.Write(ref stop, true);
        await reader;
        await pipeline.DisposeAsync();

        var end = pipeline.GetStats();
        Assert.That(end.Buffered, Is.Zero);
        Assert.That(end.Recorded, Is.EqualTo(threads * 20_000));
        Assert.That(end.Applied, Is.EqualTo(Metrics.GetStats().Applied));
        Assert.That(end.Applied + end.DroppedTotal, Is.EqualTo(end.Recorded));
        if (!pipeline.Stages.OfType<SamplingCollector>().Any()) Assert.That(counter.Get(), Is.EqualTo(end.Applied), "each adds one");
    }

    [Test]
    public async Task Ending_it_loses_nothing_and_the_collector_goes_on()
    {
        var pipeline = Metrics.CreatePipeline(collectors => collectors.UseBatching(1000).UseBatching(1000));
        for (var i = 0; i < 777; i++) pipeline.Record("n_total", 1);
        await pipeline.DisposeAsync();
        Assert.That(pipeline.GetStats(), Has.Property("Applied").EqualTo(777).And.Property("Buffered").EqualTo(0));
        pipeline.Record("n_total", 1);
        Assert.That(((Counter)Metrics.GetMetric("n_total")!).Get(), Is.EqualTo(778));
    }

    [Test]
    public void A_collector_of_one_s_own_that_throws_harms_nobody_and_is_counted()
    {
        var pipeline = Metrics.CreatePipeline(collectors => collectors.Use(_ => new Throwing()));
        Assert.That(() => pipeline.Record("n_total", 1), Throws.Nothing);
        Assert.That(pipeline.GetStats(), Has.Property("Recorded").EqualTo(1).And.Property("Buffered").EqualTo(0));
        Assert.That(pipeline.GetStats().Dropped, Is.EqualTo(new Dictionary<string, long> { [CollectorDropReasons.Failed] = 1 }));
    }

    [Test]
    public async Task The_losses_are_a_metric_of_their_own()
    {
        var before = Losses();
        await using var pipeline = Metrics.CreatePipeline(collectors => collectors.UseRateLimit(10));
        for (var i = 0; i < 25; i++) pipeline.Record("n_total", 1);
        Assert.That(Losses() - before, Is.EqualTo(15));

        static double Losses() => OtelTelemetry.Diagnostics.TelemetryLosses.Counted("metrics", "rate_limited_collector", CollectorDropReasons.RateLimited);
    }

    [Test]
    public void Recording_through_four_collectors_allocates_nothing_in_steady_state()
    {
        var pipeline = Metrics.CreatePipeline(collectors => collectors.UseAggregation().UseSampling(0.5).UseRateLimit(int.MaxValue).UseBatching(100));
        Metrics.CreateCounter("n_total", "", "method", "status");
        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Record();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1000), "20,000 measurements");

        void Record()
        {
            for (var i = 0; i < 20_000; i++) pipeline.Record("n_total", 1, ("method", "GET"), ("status", "200"));
        }
    }

    [Test]
    public void Every_folder_of_collectors_is_registered_once()
    {
        var types = typeof(CollectorOptions).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CollectorOptions)) && type.IsPublic).ToArray();
        Assert.That(types, Has.Length.GreaterThanOrEqualTo(4));
        Assert.That(
            CollectorRegistry.All.Select(entry => $"OtelTelemetry.Collectors.{entry.Type}.{entry.Type}CollectorOptions"),
            Is.EquivalentTo(types.Select(type => type.FullName)));
    }

    /// <summary>What is held back, and as much again that is just being passed on.</summary>
    private static int HeldAtMost(CollectorPipeline pipeline) => pipeline.Stages.OfType<BatchCollector>().Count() * 2 * 64 * 16;

    private static void AddRandom(CollectorPipelineBuilder collectors, Random random)
    {
        for (var i = random.Next(2, 6); i > 0; i--)
        {
            switch (random.Next(4))
            {
                case 0:
                    collectors.UseAggregation(new AggregatingCollectorOptions { Window = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(1), MaxSeries = 1 });
                    break;
                case 1:
                    collectors.UseSampling(new SamplingCollectorOptions { Rate = Math.Min(1, 0.3 + random.NextDouble()), Random = random });
                    break;
                case 2:
                    collectors.UseRateLimit(new RateLimitedCollectorOptions { PermitLimit = random.Next(100, 50_000), Burst = random.Next(100) });
                    break;
                default:
                    collectors.UseBatching(new BatchCollectorOptions { BatchSize = random.Next(1, 65) });
                    break;
            }
        }
    }

    private sealed class Noting(IMetricCollector next, string name, List<string> seen) : DecoratingCollector(next, name)
    {
        protected override void Process(in Metric metric)
        {
            seen.Add(Name);
            Pass(metric);
        }
    }

    private sealed class Throwing : IMetricCollector
    {
        public void Record(in Metric metric) => throw new InvalidOperationException();

        public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public CollectorStatistics GetStats() => new();
    }
}
