namespace OtelTelemetry.Tracing.Sampling.ParentBased;

/// <summary>What becomes of a span that has a parent of some kind.</summary>
public enum ParentDecision
{
    /// <summary>It is recorded.</summary>
    AlwaysOn,

    /// <summary>It is not recorded.</summary>
    AlwaysOff,

    /// <summary>It is decided like a span without a parent: by rules, rate and limit.</summary>
    Root,
}
