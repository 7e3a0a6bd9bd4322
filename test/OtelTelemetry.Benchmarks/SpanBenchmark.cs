using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing;
using OtelTelemetry.Tracing.Observations;

namespace OtelTelemetry.Benchmarks;

/// <summary>Spans with two attributes in the tracer's forms, each beside the same with the bare activity; both sampled by the SDK.</summary>
internal static class SpanBenchmark
{
    internal static BenchmarkResult Measure(string name) => Compare(name, Raw, Scope);

    internal static BenchmarkResult MeasureBlock(string name) => Compare(name, Raw, Block);

    /// <summary>With a parent from another process, as a receiver of messages starts it.</summary>
    internal static BenchmarkResult MeasureRemoteParent(string name) => Compare(name, RawRemote, Remote);

    /// <summary>An observation against a bare activity and a bare histogram of the SDK.</summary>
    internal static BenchmarkResult MeasureObservation(string name, RawSdk sdk, MetricsCollector metrics)
    {
        var histogram = sdk.CreateHistogram("raw_observed");
        return Compare(
            name,
            (source, operations) =>
            {
                for (var i = 0; i < operations; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    using (var activity = source.StartActivity("observed", ActivityKind.Internal)) activity?.SetTag("channel", "web");
                    histogram.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("channel", "web"));
                }
            },
            (tracer, operations) =>
            {
                var bound = new Observation(metrics, tracer, "observed", "channel").With("web");
                for (var i = 0; i < operations; i++)
                {
                    using var scope = bound.Start();
                }
            });
    }

    private static BenchmarkResult Compare(string name, Action<ActivitySource, int> raw, Action<SimpleTracer, int> ours)
    {
        using var source = new ActivitySource("benchmark.spans.raw");
        using var tracer = new SimpleTracer("benchmark.spans.ours");
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name, tracer.Name).Build();
        var result = new PairedBenchmark(name, operations => raw(source, operations), operations => ours(tracer, operations)).Run();
        var rawBytes = Bytes(() => raw(source, 10_000)) / 10_000;
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

    private static void Scope(SimpleTracer tracer, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            using var span = tracer.StartSpan("operation");
            span.SetAttribute("key", "value");
            span.SetAttribute("other", "value");
        }
    }

    private static void Block(SimpleTracer tracer, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            tracer.Trace("operation", "value", static (span, value) => { span.SetAttribute("key", value).SetAttribute("other", value); });
        }
    }

    private static void RawRemote(ActivitySource source, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            using var activity = source.StartActivity("operation", ActivityKind.Consumer, PropagationBenchmark.Remote);
        }
    }

    private static void Remote(SimpleTracer tracer, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            using var span = tracer.StartSpan("operation", PropagationBenchmark.Remote, ActivityKind.Consumer);
        }
    }

    private static double Bytes(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
