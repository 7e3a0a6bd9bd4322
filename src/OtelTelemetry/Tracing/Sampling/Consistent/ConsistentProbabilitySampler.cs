using System.Globalization;
using OpenTelemetry.Trace;

namespace OtelTelemetry.Tracing.Sampling.Consistent;

/// <summary>
/// Samples a part of all traces in the way of OpenTelemetry's probability sampling (specification "TraceState: Probability Sampling"): every
/// service decides by the same number of the trace, so that what a service with a lower rate keeps is among what one with a higher rate
/// keeps; and the threshold goes into the trace state (<c>ot=th:…</c>), so that counts can be extrapolated. Whatever others wrote there is
/// kept. It looks at no parent: put it inside a <see cref="ParentBasedSampler"/>, or use it for every span to give a service a rate of its
/// own. Thread-safe; allocates nothing while the trace state is empty or unchanged.
/// </summary>
public sealed class ConsistentProbabilitySampler : Sampler
{
    private readonly ulong _threshold;
    private readonly ulong? _written;
    private readonly string? _fresh;

    /// <summary>Makes a sampler.</summary>
    /// <param name="rate">The part of all traces that is sampled, from 0 to 1. It is rounded to four significant hexadecimal digits.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside that range.</exception>
    public ConsistentProbabilitySampler(double rate)
        : this(rate, isLimited: false)
    {
    }

    /// <param name="rate">The part of all traces that is sampled.</param>
    /// <param name="isLimited">Whether somebody drops a part of what is sampled here: then nobody knows the probability, and no threshold is written.</param>
    internal ConsistentProbabilitySampler(double rate, bool isLimited)
    {
        if (!(rate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "Allowed: 0 (none) to 1 (all)");
        _threshold = SamplingThreshold.OfRate(rate);
        _written = isLimited ? null : _threshold;
        _fresh = isLimited || _threshold == SamplingThreshold.None ? null : "ot=th:" + SamplingThreshold.Format(_threshold);
        Description = string.Create(CultureInfo.InvariantCulture, $"ConsistentProbabilitySampler{{{rate:R}}}");
    }

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var text = samplingParameters.ParentContext.TraceState;
        if (string.IsNullOrEmpty(text))
        {
            return SamplingThreshold.RandomnessOf(samplingParameters.TraceId) >= _threshold
                ? new SamplingResult(SamplingDecision.RecordAndSample, _fresh!)
                : new SamplingResult(SamplingDecision.Drop);
        }

        var state = OpenTelemetryTraceState.Parse(text);
        var randomness = state.Randomness ?? SamplingThreshold.RandomnessOf(samplingParameters.TraceId);
        var (decision, threshold) = randomness >= _threshold ? (SamplingDecision.RecordAndSample, _written) : (SamplingDecision.Drop, null);
        // What is inherited anyway is not written again. A span that is not sampled has no threshold.
        return state.Threshold == threshold ? new SamplingResult(decision) : new SamplingResult(decision, state.With(threshold) ?? "");
    }
}
