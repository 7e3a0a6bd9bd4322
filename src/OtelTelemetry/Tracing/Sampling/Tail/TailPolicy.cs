using OtelTelemetry.Tracing.Sampling.Consistent;
using OtelTelemetry.Tracing.Sampling.RateLimited;

namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>By what is decided whether a trace is kept. Thread-safe.</summary>
internal sealed class TailPolicy
{
    private readonly bool _keepErrors;
    private readonly TimeSpan? _slowerThan;
    private readonly RouteDurations? _routes;
    private readonly RateLimit? _limit;
    private readonly (double? Percentile, int Routes) _routeSettings;

    /// <param name="options">The settings; they are copied.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="before">What was in force: what it learnt, and what it admitted, goes on where the settings are the same.</param>
    internal TailPolicy(TailSamplingOptions options, TimeProvider time, TailPolicy? before = null)
    {
        _keepErrors = options.KeepErrors;
        _slowerThan = options.SlowerThan;
        Threshold = SamplingThreshold.OfRate(options.Rate);
        _routeSettings = (options.SlowPercentile, options.MaxRoutes);
        if (options.SlowPercentile is { } percentile) _routes = before is not null && before._routeSettings == _routeSettings ? before._routes : new RouteDurations(percentile, options.MaxRoutes);
        if (options.TracesPerSecond is not { } perSecond) return;
        var burst = options.Burst ?? RateLimit.DefaultBurst(perSecond);
        _limit = before?._limit is { } limit && limit.PerSecond.Equals(perSecond) && limit.Burst == burst ? limit : new RateLimit(perSecond, burst, time);
    }

    /// <summary>The threshold of the rate of traces that are nothing special.</summary>
    internal ulong Threshold { get; }

    /// <summary>Decides about a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="age">How long ago it began, where it has not ended; zero where it has.</param>
    internal TailVerdict Decide(HeldTrace trace, TimeSpan age)
    {
        var duration = age > trace.Longest ? age : trace.Longest;
        // Every trace that has ended teaches what is usual, also one that is kept for another reason.
        var isUnusual = _routes is not null && trace.Route.Length > 0 && _routes.IsSlow(trace.Route, duration);
        var isSpecial = (_keepErrors && trace.HasError) || duration >= _slowerThan || isUnusual;
        if (isSpecial) return _limit is null || _limit.TryTake() ? TailVerdict.KeptAsSpecial : TailVerdict.RateLimited;
        if (trace.Randomness < Threshold) return TailVerdict.SampledOut;
        return _limit is null || _limit.TryTakeFromUpperHalf() ? TailVerdict.KeptByRate : TailVerdict.RateLimited;
    }
}
