namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>Why tail sampling drops a span, as <c>reason</c> in <c>telemetry_dropped_total</c>.</summary>
internal static class TailDropReasons
{
    internal const string Component = "tail_sampling";

    /// <summary>Its trace neither failed nor was slow, and is not in the rate.</summary>
    internal const string SampledOut = "sampled_out";

    /// <summary>As many traces were kept as a second may have.</summary>
    internal const string RateLimited = "rate_limited";

    /// <summary>Its trace holds as many spans as one may.</summary>
    internal const string TraceFull = "trace_full";

    /// <summary>All traces together hold as many spans as they may.</summary>
    internal const string SpansFull = "spans_full";

    /// <summary>It ended after telemetry did.</summary>
    internal const string Shutdown = "shutdown";
}
