using OtelTelemetry.Tracing.Sampling.ParentBased;
using OtelTelemetry.Tracing.Sampling.Rules;

namespace OtelTelemetry.Tracing.Sampling;

/// <summary>
/// Which new traces are recorded (section <c>Telemetry:Traces:Sampling</c>). All of it follows the configuration while the
/// application runs. It is not used where the application sets a sampler itself, or <c>OTEL_TRACES_SAMPLER</c> is set.
/// </summary>
public sealed class TraceSamplingOptions
{
    /// <summary>The part of new traces that is recorded, from 0 to 1. Default: null, which means <see cref="TelemetryTracesOptions.SamplingRate"/>,
    /// and without that every trace.</summary>
    public double? Rate { get; set; }

    /// <summary>Whether the part is chosen, and told to the services that are called, in the way of OpenTelemetry's probability sampling
    /// (<c>ot=th:…</c> in the trace state), so that the rates of several services agree and counts can be extrapolated. Default: false.</summary>
    public bool Consistent { get; set; }

    /// <summary>The most new traces a second, of those the rate lets through. More than 0, at most 1,000,000. Default: null, no limit.</summary>
    public double? TracesPerSecond { get; set; }

    /// <summary>How many traces may begin at once after a quiet time. From 1 to 1,000,000. Default: null, what one second allows. Used with <see cref="TracesPerSecond"/> only.</summary>
    public int? Burst { get; set; }

    /// <summary>Rules with a rate or limit of their own; the first that matches decides, and what none matches is decided by
    /// <see cref="Rate"/> and <see cref="TracesPerSecond"/>. Default: none.</summary>
    public IList<TraceSamplingRule> Rules { get; } = [];

    /// <summary>What a span's parent means for it. Default: the parent's decision is kept.</summary>
    public ParentSamplingOptions Parent { get; } = new();
}
