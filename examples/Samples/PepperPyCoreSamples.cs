using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Aggregating;
using OtelTelemetry.Collectors.Batch;
using OtelTelemetry.Collectors.RateLimited;
using OtelTelemetry.Collectors.Retry;
using OtelTelemetry.Collectors.Sampling;
using OtelTelemetry.Metrics;

namespace Samples;

/// <summary>What the PepperPy Core telemetry document shows, in C#: recording by name, and collectors in front.</summary>
public static class PepperPyCoreSamples
{
    private static readonly MetricTags s_users = MetricTags.Of(("endpoint", "/users"));

    /// <summary>"TelemetryConfig": a buffer in front of a sink, flushed by size and by time.</summary>
    public static MetricBufferOptions Config() => new() { BatchSize = 1000, FlushInterval = TimeSpan.FromSeconds(60) };

    /// <summary>"Metric": one measurement as a value.</summary>
    public static Metric OneMeasurement(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new Metric(
            "response_time",
            0.123,
            MetricTags.Of(("service", "auth")),
            new Dictionary<string, object?> { ["version"] = "1.0.0" },
            clock.GetUtcNow());
    }

    /// <summary>"Basic collection": record, look at the statistics, end.</summary>
    public static async Task<CollectorStatistics> BasicCollection(MetricsCollector collector, IMetricSink sink)
    {
        ArgumentNullException.ThrowIfNull(collector);
        collector.AddSink(sink, Config());
        collector.Record("api_requests", 1, ("method", "GET"), ("path", "/users"));
        collector.Record("response_time", 0.234, s_users, new Dictionary<string, object?> { ["user_id"] = "123" });
        await collector.DisposeAsync();
        return collector.GetStats();
    }

    /// <summary>"Performance monitoring": the time of an operation, whatever its end.</summary>
    public static async Task MonitorOperation(IMetricCollector collector, TimeProvider clock, Func<Task> processData)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(processData);
        var start = clock.GetTimestamp();
        var status = "error";
        try
        {
            await processData();
            status = "success";
        }
        finally
        {
            collector.Record("operation_duration", clock.GetElapsedTime(start).TotalSeconds, ("operation", "process_data"), ("status", status));
        }
    }

    /// <summary>"Collector with aggregation": count, sum, smallest and largest value, while everything goes on.</summary>
    public static MetricAggregate? Aggregation(IMetricCollector collector)
    {
        var aggregating = new AggregatingCollector(collector);
        foreach (var seconds in new[] { 0.2, 0.1, 0.6 }) aggregating.Record("response_time", seconds, s_users);
        return aggregating.GetAggregate("response_time", s_users);
    }

    /// <summary>"Collector with sampling": a tenth is kept, and stands for the rest.</summary>
    public static void Sampling(IMetricCollector collector, int records, Random random)
    {
        var sampling = new SamplingCollector(collector, new SamplingCollectorOptions { Rate = 0.1, Random = random });
        for (var i = 0; i < records; i++) sampling.Record("hot_operations_total", 1);
    }

    /// <summary>"Collector with rate limiting": no more than so many a second.</summary>
    public static CollectorStatistics RateLimiting(IMetricCollector collector, int records, TimeProvider clock)
    {
        var limited = new RateLimitedCollector(collector, new RateLimitedCollectorOptions { PermitLimit = 100 }, clock);
        for (var i = 0; i < records; i++) limited.Record("requests_total", 1, s_users);
        return limited.GetStats();
    }

    /// <summary>"Collector with batch": a hundred at a time; ending it passes on what is left.</summary>
    public static async Task Batching(IMetricCollector collector, int records)
    {
        await using var batch = new BatchCollector(collector, batchSize: 100);
        for (var i = 0; i < records; i++) batch.Record("requests_total", 1, s_users);
    }

    /// <summary>"Collector with retry": what the next collector does not take is kept, and given to it again.</summary>
    public static RetryCollector Retry(IMetricCollector unreliable, TimeProvider clock, int records)
    {
        var retry = new RetryCollector(unreliable, new RetryCollectorOptions { MaxRetries = 3, RetryDelay = TimeSpan.FromSeconds(1) }, timeProvider: clock);
        for (var i = 0; i < records; i++) retry.Record("requests_total", 1, s_users);
        return retry;
    }

    /// <summary>All of them, as a pipeline in the order written.</summary>
    public static async Task<CollectorStatistics> Pipeline(MetricsCollector collector, int records)
    {
        ArgumentNullException.ThrowIfNull(collector);
        var pipeline = collector.CreatePipeline(collectors => collectors.UseAggregation().UseSampling(0.5).UseRateLimit(1_000_000).UseBatching());
        for (var i = 0; i < records; i++) pipeline.Record("requests_total", 1, s_users);
        await pipeline.DisposeAsync();
        return pipeline.GetStats();
    }
}
