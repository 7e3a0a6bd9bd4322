using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Metrics;
using OtelTelemetry.Tests.Support;
using Samples;

namespace OtelTelemetry.Tests.Samples;

/// <summary>The samples of recording by name do what their document says.</summary>
public class PepperPyCoreSampleTests : MetricsTestBase
{
    [Test]
    public async Task Basic_collection_loses_nothing_when_it_ends()
    {
        var sink = new InMemoryMetricSink();
        var stats = await PepperPyCoreSamples.BasicCollection(Metrics, sink);
        Assert.That((stats.Recorded, stats.Applied, stats.Flushed, stats.Sinks.Single().Buffered), Is.EqualTo((2L, 2L, 2L, 0L)));
        Assert.That(sink.GetMetrics()[1].Metadata!["user_id"], Is.EqualTo("123"));
    }

    [Test]
    public async Task What_was_not_taken_is_tried_again()
    {
        var unreliable = new CollectingCollector { Failure = new IOException("away") };
        await using var retry = PepperPyCoreSamples.Retry(unreliable, Clock, 20);
        await retry.FlushAsync();
        Assert.That((retry.GetStats().Buffered, unreliable.Count), Is.EqualTo((20L, 0L)));

        unreliable.Failure = null;
        await Within.Steps(Clock, TimeSpan.FromSeconds(1), () => unreliable.Count == 20, "all are taken");
        Assert.That(retry.GetStats().Applied, Is.EqualTo(20));
    }

    [Test]
    public void A_measurement_is_a_value()
    {
        var metric = PepperPyCoreSamples.OneMeasurement(Clock);
        Assert.That((metric.Name, metric.Value, metric.Tags["service"], metric.Timestamp), Is.EqualTo(("response_time", 0.123, "auth", Clock.GetUtcNow())));
    }

    [Test]
    public async Task An_operation_is_timed_whatever_its_end()
    {
        await PepperPyCoreSamples.MonitorOperation(Metrics, Clock, () =>
        {
            Clock.Advance(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        });
        Assert.ThrowsAsync<IOException>(() => PepperPyCoreSamples.MonitorOperation(Metrics, Clock, () => throw new IOException()));
        var histogram = Metrics.GetHistogram("operation_duration");
        Assert.That(histogram.Get("process_data", "success")!.Sum, Is.EqualTo(2));
        Assert.That(histogram.Get("process_data", "error")!.Count, Is.EqualTo(1));
    }

    [Test]
    public void Aggregation_has_count_sum_smallest_and_largest_and_everything_goes_on()
    {
        var aggregate = PepperPyCoreSamples.Aggregation(Metrics)!;
        Assert.That((aggregate.Count, aggregate.Min, aggregate.Max), Is.EqualTo((3.0, 0.1, 0.6)));
        Assert.That(aggregate.Sum, Is.EqualTo(0.9).Within(1e-12));
        Assert.That(Metrics.GetHistogram("response_time").Get("/users")!.Count, Is.EqualTo(3));
    }

    [Test]
    public void Sampling_keeps_the_total_right()
    {
        PepperPyCoreSamples.Sampling(Metrics, 10_000, new Random(1));
        Assert.That(Metrics.GetCounter("hot_operations_total").Get(), Is.EqualTo(10_000).Within(10));
        Assert.That(Metrics.GetStats().Recorded, Is.EqualTo(1000).Within(1));
    }

    [Test]
    public void Rate_limiting_lets_the_limit_through()
    {
        var stats = PepperPyCoreSamples.RateLimiting(Metrics, 250, Clock);
        Assert.That((stats.Applied, stats.Dropped[CollectorDropReasons.RateLimited]), Is.EqualTo((100L, 150L)));
        Assert.That(Metrics.GetCounter("requests_total").Get("/users"), Is.EqualTo(100));
    }

    [Test]
    public async Task Batching_passes_everything_on()
    {
        await PepperPyCoreSamples.Batching(Metrics, 250);
        Assert.That(Metrics.GetCounter("requests_total").Get("/users"), Is.EqualTo(250));
    }

    [Test]
    public async Task A_pipeline_accounts_for_everything()
    {
        var stats = await PepperPyCoreSamples.Pipeline(Metrics, 1000);
        Assert.That((stats.Recorded, stats.Buffered, stats.Applied + stats.DroppedTotal), Is.EqualTo((1000L, 0L, 1000L)));
        Assert.That(Metrics.GetCounter("requests_total").Get("/users"), Is.EqualTo(1000).Within(2));
    }
}
