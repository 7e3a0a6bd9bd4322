using System.Globalization;
using OpenTelemetry.Trace;

namespace OtelTelemetry.Tracing.Sampling.RateLimited;

/// <summary>
/// Samples at most so many traces a second, of those another sampler lets through: exact, evenly spread over time, without a lock.
/// In any stretch of time never more than the limit and the burst. Put it inside a <see cref="ParentBasedSampler"/>, so that it is
/// asked for whole traces. Thread-safe; a decision allocates nothing.
/// </summary>
public sealed class RateLimitedSampler : Sampler
{
    private readonly RateLimit _limit;
    private readonly Sampler? _inner;

    /// <summary>Makes a sampler.</summary>
    /// <param name="tracesPerSecond">More than 0, at most 1,000,000.</param>
    /// <param name="burst">How many may begin at once after a quiet time, from 1 to 1,000,000; null for what one second allows.</param>
    /// <param name="inner">Is asked first; null for every trace.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public RateLimitedSampler(double tracesPerSecond, int? burst = null, Sampler? inner = null, TimeProvider? timeProvider = null)
    {
        if (!(tracesPerSecond is > 0 and <= RateLimit.MostPerSecond)) throw new ArgumentOutOfRangeException(nameof(tracesPerSecond), tracesPerSecond, "Allowed: more than 0, at most 1000000");
        if (burst is < 1 or > RateLimit.MostBurst) throw new ArgumentOutOfRangeException(nameof(burst), burst, "Allowed: 1 to 1000000");
        _limit = new RateLimit(tracesPerSecond, burst, timeProvider ?? TimeProvider.System);
        _inner = inner;
        Description = string.Create(CultureInfo.InvariantCulture, $"RateLimitedSampler{{{tracesPerSecond:R},{_limit.Burst}{(inner is null ? "" : "," + inner.Description)}}}");
    }

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (_inner is null) return new SamplingResult(_limit.TryTake());
        var result = _inner.ShouldSample(samplingParameters);
        return result.Decision != SamplingDecision.RecordAndSample || _limit.TryTake() ? result : new SamplingResult(SamplingDecision.Drop);
    }
}
