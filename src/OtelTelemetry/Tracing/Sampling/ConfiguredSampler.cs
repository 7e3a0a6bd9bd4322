using OpenTelemetry.Trace;

namespace OtelTelemetry.Tracing.Sampling;

/// <summary>The sampler of the settings, which changes with them while the application runs. Thread-safe; costs a read beside the sampler's own.</summary>
internal sealed class ConfiguredSampler : Sampler
{
    private volatile Sampler _current;

    internal ConfiguredSampler(Sampler first)
    {
        _current = first;
        Description = first.Description;
    }

    /// <summary>The sampler in use.</summary>
    internal Sampler Current => _current;

    /// <summary>Uses another from now on. One that decides in the same way is not taken, so that a limit does not begin anew.</summary>
    internal void Change(Sampler sampler)
    {
        if (sampler.Description == _current.Description) return;
        _current = sampler;
        Description = sampler.Description;
    }

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => _current.ShouldSample(samplingParameters);
}
