using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.Benchmarks;

/// <summary>A span with two attributes through the tracer, beside the same with the bare activity; both sampled by the SDK.</summary>
internal static class SpanBenchmark
{
    internal static BenchmarkResult Measure(string name)
    {
        using var source = new ActivitySource("benchmark.spans.raw");
        using var tracer = new SimpleTracer("benchmark.spans.ours");
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name, tracer.Name).Build();
        var result = new PairedBenchmark(name, operations => Raw(source, operations), operations => Ours(tracer, operations)).Run();
        var rawBytes = Bytes(() => Raw(source, 10_000)) / 10_000;
        // What the wrapper adds: the activity itself is the baseline's too.
        return result with { Bytes = result.Bytes - rawBytes };
    }

    private static void Raw(ActivitySource source, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            using var activity = source.StartActivity("operation", ActivityKind.Internal);
            if (activity is not { IsAllDataRequested: true }) continue;
            activity.SetTag("key", "value");
            activity.SetTag("other", "value");
        }
    }

    private static void Ours(SimpleTracer tracer, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            using var span = tracer.StartSpan("operation");
            span.SetAttribute("key", "value");
            span.SetAttribute("other", "value");
        }
    }

    private static double Bytes(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
