using System.Diagnostics;
using System.Runtime.CompilerServices;
using OtelTelemetry.Instrumentation;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks;

/// <summary>Methods with attributes, against the same written by hand.</summary>
internal static class MethodBenchmarks
{
    private const string Source = "benchmark.methods";

    private static readonly ActivitySource s_source = new(Source);

    internal static BenchmarkResult Traced(string name)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return Measure(name);
    }

    internal static BenchmarkResult Unheard(string name) => Measure(name);

    internal static BenchmarkResult Counted(string name, MetricsCollector metrics)
    {
        var byHand = metrics.CreateCounter("by_hand_total", "", "kind", "error_type");
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++)
                {
                    try
                    {
                        Work(i);
                        byHand.Inc("book", "");
                    }
                    catch (InvalidOperationException problem)
                    {
                        byHand.Inc("book", problem.GetType().FullName!);
                        throw;
                    }
                }
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) CountedWork("book", i);
            }).Run();
    }

    private static BenchmarkResult Measure(string name) => new PairedBenchmark(
        name,
        operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                using var span = s_source.StartActivity("work");
                span?.SetTag("code.function.name", "Work").SetTag("amount", i);
                Work(i);
            }
        },
        operations =>
        {
            for (var i = 0; i < operations; i++) TracedWork(i);
        }).Run();

    [Traced("work", Source = Source)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void TracedWork([SpanAttribute] int amount) => Work(amount);

    [Counted("counted_total")]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void CountedWork([MetricLabel] string kind, int amount) => Work(amount);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Work(int amount)
    {
    }
}
