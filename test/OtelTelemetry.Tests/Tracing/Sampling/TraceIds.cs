using System.Diagnostics;
using OpenTelemetry.Trace;

namespace OtelTelemetry.Tests.Tracing.Sampling;

/// <summary>Trace ids and what a sampler is asked about them.</summary>
internal static class TraceIds
{
    /// <summary>Evenly distributed ids, the same for every run.</summary>
    public static IEnumerable<ActivityTraceId> Random(int count, int seed = 1)
    {
        var random = new Random(seed);
        var bytes = new byte[16];
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(bytes);
            yield return ActivityTraceId.CreateFromBytes(bytes);
        }
    }

    public static SamplingParameters Root(ActivityTraceId id, string name = "span", ActivityKind kind = ActivityKind.Server, params KeyValuePair<string, object?>[] tags) =>
        new(default, id, name, kind, tags, null);

    public static SamplingParameters Child(ActivityTraceId id, string? traceState, bool sampled = true) => new(
        new ActivityContext(id, ActivitySpanId.CreateRandom(), sampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, traceState, isRemote: true), id, "span", ActivityKind.Server);

    /// <summary>How many of a number of ids may be sampled at a rate: the expected number and three standard errors.</summary>
    public static (double Expected, double Margin) Expect(int count, double rate) => (count * rate, 3 * Math.Sqrt(count * rate * (1 - rate)));
}
