using System.Globalization;
using OpenTelemetry.Trace;
using OtelTelemetry.Tracing.Sampling.Consistent;
using OtelTelemetry.Tracing.Sampling.ParentBased;
using OtelTelemetry.Tracing.Sampling.RateLimited;
using OtelTelemetry.Tracing.Sampling.Rules;

namespace OtelTelemetry.Tracing.Sampling;

/// <summary>Puts the samplers together that the settings ask for: parent → rules → rate → limit.</summary>
internal static class SamplerFactory
{
    public static Sampler Create(TelemetryTracesOptions traces, string? serviceName, TimeProvider time)
    {
        var options = traces.Sampling;
        var rate = options.Rate ?? traces.SamplingRate ?? 1;
        var root = Chosen(rate, options.Consistent, options.TracesPerSecond, options.Burst, time);
        if (options.Rules.Count > 0)
        {
            root = new RulesSampler(options.Rules, root, serviceName, rule => Chosen(rule.Rate, options.Consistent, rule.TracesPerSecond, rule.Burst, time));
        }

        var parent = options.Parent;
        return new DescribedSampler(
            new ParentBasedSampler(root, Of(parent.RemoteSampled), Of(parent.RemoteNotSampled), Of(parent.LocalSampled), Of(parent.LocalNotSampled)),
            string.Create(CultureInfo.InvariantCulture, $"{rate:R};{root.Description};{parent.RemoteSampled},{parent.RemoteNotSampled},{parent.LocalSampled},{parent.LocalNotSampled}"));

        Sampler Of(ParentDecision decision) => decision switch
        {
            ParentDecision.AlwaysOn => new AlwaysOnSampler(),
            ParentDecision.AlwaysOff => new AlwaysOffSampler(),
            _ => root,
        };
    }

    /// <summary>The sampler of a rate, a limit, or both.</summary>
    public static Sampler Chosen(double rate, bool consistent, double? tracesPerSecond, int? burst, TimeProvider time)
    {
        Sampler chosen = (consistent, rate) switch
        {
            (true, _) => new ConsistentProbabilitySampler(rate, isLimited: tracesPerSecond is not null),
            (_, >= 1) => new AlwaysOnSampler(),
            (_, <= 0) => new AlwaysOffSampler(),
            _ => new TraceIdRatioBasedSampler(rate),
        };
        return tracesPerSecond is { } limit ? new RateLimitedSampler(limit, burst, chosen, time) : chosen;
    }
}
