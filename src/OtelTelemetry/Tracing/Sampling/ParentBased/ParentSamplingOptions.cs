namespace OtelTelemetry.Tracing.Sampling.ParentBased;

/// <summary>What is decided for a span that has a parent, by whether the parent is of this process and was sampled
/// (OpenTelemetry trace SDK specification, "ParentBased").</summary>
public sealed class ParentSamplingOptions
{
    /// <summary>For a parent in another service that was sampled. Default: <see cref="ParentDecision.AlwaysOn"/>.</summary>
    public ParentDecision RemoteSampled { get; set; } = ParentDecision.AlwaysOn;

    /// <summary>For a parent in another service that was not sampled. Default: <see cref="ParentDecision.AlwaysOff"/>.</summary>
    public ParentDecision RemoteNotSampled { get; set; } = ParentDecision.AlwaysOff;

    /// <summary>For a parent in this process that was sampled. Default: <see cref="ParentDecision.AlwaysOn"/>.</summary>
    public ParentDecision LocalSampled { get; set; } = ParentDecision.AlwaysOn;

    /// <summary>For a parent in this process that was not sampled. Default: <see cref="ParentDecision.AlwaysOff"/>.</summary>
    public ParentDecision LocalNotSampled { get; set; } = ParentDecision.AlwaysOff;
}
