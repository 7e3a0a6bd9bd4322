using OpenTelemetry.Trace;

namespace OtelTelemetry.Tracing.Sampling;

/// <summary>A sampler whose description names everything that was set: two of the same description decide in the same way.</summary>
internal sealed class DescribedSampler : Sampler
{
    private readonly Sampler _inner;

    internal DescribedSampler(Sampler inner, string description)
    {
        _inner = inner;
        Description = $"ParentBased{{{description}}}";
    }

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => _inner.ShouldSample(samplingParameters);
}
