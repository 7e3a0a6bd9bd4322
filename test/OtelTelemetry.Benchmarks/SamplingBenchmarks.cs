using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OtelTelemetry.Processors.Spans;
using OtelTelemetry.Tracing.Sampling.Consistent;
using OtelTelemetry.Tracing.Sampling.RateLimited;
using OtelTelemetry.Tracing.Sampling.Rules;
using OtelTelemetry.Tracing.Sampling.Tail;

namespace OtelTelemetry.Benchmarks;

/// <summary>Decisions of our samplers beside the SDK's sampler of a rate, and a span through tail sampling beside one without.</summary>
internal static class SamplingBenchmarks
{
    private const int Ids = 1024;

    internal static BenchmarkResult Measure(string name)
    {
        if (name == "span, tail sampling") return Tail(name);
        if (name.StartsWith("limiter", StringComparison.Ordinal)) return Limiter(name);
        var traceState = name.EndsWith("of a caller", StringComparison.Ordinal) ? "vendor=value,ot=th:c" : null;
        var asked = Enumerable.Range(0, Ids).Select(_ => Ask(traceState)).ToArray();
        var subject = Create(name);
        return new PairedBenchmark(name, Decide(new TraceIdRatioBasedSampler(0.25), asked), Decide(subject, asked)).Run();
    }

    /// <summary>The limit alone, beside the reading of the clock that it needs at the least.</summary>
    private static BenchmarkResult Limiter(string name)
    {
        var limit = name.EndsWith("admits", StringComparison.Ordinal) ? new RateLimit(1_000_000, 1_000_000, TimeProvider.System) : new RateLimit(0.001, 1, TimeProvider.System);
        limit.TryTake();
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++) TimeProvider.System.GetTimestamp();
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) limit.TryTake();
            }).Run();
    }

    private static Sampler Create(string name) => name switch
    {
        "sampler, limit refuses" => new RateLimitedSampler(0.001, burst: 1),
        "sampler, limit admits" => new RateLimitedSampler(1_000_000, burst: 1_000_000),
        "sampler, five rules" => new RulesSampler(Enumerable.Range(0, 5).Select(i => new TraceSamplingRule { Name = $"other {i} *", Rate = 1 }), new AlwaysOnSampler()),
        _ => new ConsistentProbabilitySampler(0.25),
    };

    private static SamplingParameters Ask(string? traceState)
    {
        var id = ActivityTraceId.CreateRandom();
        var parent = traceState is null ? default : new ActivityContext(id, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, traceState, isRemote: true);
        return new SamplingParameters(parent, id, "Microsoft.AspNetCore.Hosting.HttpRequestIn", ActivityKind.Server);
    }

    private static Operation Decide(Sampler sampler, SamplingParameters[] asked) => operations =>
    {
        for (var i = 0; i < operations; i++) sampler.ShouldSample(asked[i & (Ids - 1)]);
    };

    /// <summary>A trace of four spans, each with two attributes; per span.</summary>
    private static BenchmarkResult Tail(string name)
    {
        using var raw = new ActivitySource("benchmark.tail.raw");
        using var held = new ActivitySource("benchmark.tail.held");
        using var plain = Sdk.CreateTracerProviderBuilder().AddSource(raw.Name).AddProcessor(new Nothing()).Build();
        using var pipeline = new SpanPipeline(new TailSamplingOptions { Enabled = true, Rate = 0.1 }, TimeProvider.System);
        using var tail = Sdk.CreateTracerProviderBuilder().AddSource(held.Name).AddProcessor(pipeline).AddProcessor(new Nothing()).Build();
        return new PairedBenchmark(name, operations => Traces(raw, operations), operations => Traces(held, operations)).Run();

        static void Traces(ActivitySource source, int operations)
        {
            for (var i = 0; i < operations; i += 4)
            {
                using var root = Start(source);
                for (var child = 0; child < 3; child++) Start(source)?.Dispose();
            }
        }

        static Activity? Start(ActivitySource source) => source.StartActivity("operation")?.SetTag("key", "value").SetTag("other", "value");
    }

    private sealed class Nothing : BaseProcessor<Activity>;
}
