namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>What was decided about a trace.</summary>
internal enum TailVerdict
{
    /// <summary>Nothing yet.</summary>
    Pending,

    /// <summary>Kept because it failed or was slow.</summary>
    KeptAsSpecial,

    /// <summary>Kept as one of the rate.</summary>
    KeptByRate,

    /// <summary>Dropped: nothing special, and not in the rate.</summary>
    SampledOut,

    /// <summary>Dropped: too many in this second.</summary>
    RateLimited,
}
