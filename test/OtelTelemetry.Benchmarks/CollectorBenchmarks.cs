using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks;

/// <summary>Recording by name, through no collector, through each one, and through all four, against the raw OpenTelemetry call.</summary>
internal static class CollectorBenchmarks
{
    private const int Series = 64;

    internal static IReadOnlyDictionary<string, Action<CollectorPipelineBuilder>> Pipelines { get; } = new Dictionary<string, Action<CollectorPipelineBuilder>>
    {
        ["by name, through no collector"] = _ => { },
        ["by name, aggregating"] = collectors => collectors.UseAggregation(),
        ["by name, sampling 0.5"] = collectors => collectors.UseSampling(0.5),
        ["by name, rate limited"] = collectors => collectors.UseRateLimit(int.MaxValue),
        ["by name, batch"] = collectors => collectors.UseBatching(),
        ["by name, all four"] = collectors => collectors.UseAggregation().UseSampling(0.5).UseRateLimit(int.MaxValue).UseBatching(),
    };

    /// <summary>On the collector itself, whose tags are made before or given one by one.</summary>
    internal static BenchmarkResult Direct(string name, RawSdk raw, MetricsCollector metrics, bool tagsOneByOne)
    {
        var inputs = new BenchmarkInputs(Series);
        metrics.CreateCounter("direct_total", "", "method", "route", "status");
        var tags = inputs.Combinations.Select(Tags).ToArray();
        var (sequence, labels) = (inputs.Sequence, inputs.Labels);
        return new PairedBenchmark(name, Baseline(name, raw, inputs), tagsOneByOne
            ? operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var values = labels.AsSpan((i & BenchmarkInputs.Mask) * 3, 3);
                    metrics.Record("bench_direct_total", 1, ("method", values[0]), ("route", values[1]), ("status", values[2]));
                }
            }
            : operations =>
            {
                for (var i = 0; i < operations; i++) metrics.Record("bench_direct_total", 1, tags[sequence[i & BenchmarkInputs.Mask]]);
            }).Run();
    }

    internal static BenchmarkResult Through(string name, RawSdk raw, MetricsCollector metrics)
    {
        var inputs = new BenchmarkInputs(Series);
        metrics.CreateCounter("pipeline_total", "", "method", "route", "status");
        var pipeline = metrics.CreatePipeline(Pipelines[name]);
        var tags = inputs.Combinations.Select(Tags).ToArray();
        var sequence = inputs.Sequence;
        return new PairedBenchmark(name, Baseline(name, raw, inputs), operations =>
        {
            for (var i = 0; i < operations; i++) pipeline.Record(new Metric("bench_pipeline_total", 1, tags[sequence[i & BenchmarkInputs.Mask]]));
        }).Run();
    }

    private static MetricTags Tags(string[] labels) => MetricTags.Of(("method", labels[0]), ("route", labels[1]), ("status", labels[2]));

    private static Operation Baseline(string name, RawSdk raw, BenchmarkInputs inputs)
    {
        var counter = raw.Meter.CreateCounter<long>("raw_" + name.Replace(",", "", StringComparison.Ordinal).Replace(' ', '_'));
        var tags = inputs.Combinations.Select(BenchmarkInputs.Tags).ToArray();
        var sequence = inputs.Sequence;
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                var t = tags[sequence[i & BenchmarkInputs.Mask]];
                counter.Add(1, t[0], t[1], t[2]);
            }
        };
    }
}
