using System.Diagnostics;

namespace OtelTelemetry.Tracing.Sampling.Consistent;

/// <summary>Reads what probability sampling wrote into a trace state (<c>ot=th:…</c>), to extrapolate from the spans that were kept.
/// Never throws for malformed text; allocates nothing. Thread-safe.</summary>
public static class ConsistentSampling
{
    /// <summary>How many spans one that was kept stands for: 10 where one of ten was sampled.</summary>
    /// <param name="traceState">The span's trace state (<see cref="Activity.TraceStateString"/>, <c>trace_state</c> in OTLP).</param>
    /// <returns>The number, at least 1; null where the trace state does not tell it.</returns>
    public static double? AdjustedCountOf(string? traceState) =>
        OpenTelemetryTraceState.Parse(traceState).Threshold is { } threshold ? SamplingThreshold.AdjustedCount(threshold) : null;

    /// <summary>The number in front of which a trace is kept or not at each rate: the same for everyone who sees the trace.</summary>
    /// <param name="traceId">The trace.</param>
    /// <param name="traceState">Its trace state, which may hold another randomness (<c>rv</c>) than that of the id.</param>
    /// <returns>From 0 to 1 (exclusive): the trace is kept at every rate above 1 minus this.</returns>
    public static double RandomnessOf(ActivityTraceId traceId, string? traceState = null) =>
        (double)(OpenTelemetryTraceState.Parse(traceState).Randomness ?? SamplingThreshold.RandomnessOf(traceId)) / SamplingThreshold.None;
}
