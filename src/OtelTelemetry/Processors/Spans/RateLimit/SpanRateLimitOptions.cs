using OtelTelemetry.Configuration;
using Limit = OtelTelemetry.Tracing.Sampling.RateLimited.RateLimit;

namespace OtelTelemetry.Processors.Spans.RateLimit;

/// <summary>Lets at most so many spans a second through, evenly spread over time. It cuts traces apart: to limit whole traces, use the limits of
/// sampling. Immutable.</summary>
public sealed record SpanRateLimitOptions : SpanProcessorOptions
{
    /// <summary>The most spans a second. More than 0, at most 1,000,000. Default: 1000.</summary>
    public double SpansPerSecond { get; init; } = 1000;

    /// <summary>How many may pass at once after a quiet time. From 1 to 1,000,000. Default: null, what one second allows.</summary>
    public int? Burst { get; init; }

    /// <inheritdoc/>
    public override SpanProcessor Create(SpanProcessorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new SpanRateLimit(new Limit(SpansPerSecond, Burst, context.TimeProvider));
    }

    internal static SpanProcessorOptions Read(SettingSection settings)
    {
        var options = new SpanRateLimitOptions();
        settings.Bind("SpansPerSecond", Parse.Number, value => options = options with { SpansPerSecond = value });
        settings.Bind("Burst", Parse.OptionalInteger, value => options = options with { Burst = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (!(SpansPerSecond is > 0 and <= Limit.MostPerSecond)) yield return (nameof(SpansPerSecond), FormattableString.Invariant($"{SpansPerSecond} is no limit"), "Allowed: more than 0, at most 1000000");
        if (Burst is < 1 or > Limit.MostBurst) yield return (nameof(Burst), FormattableString.Invariant($"{Burst} is no burst"), "Allowed: 1 to 1000000, or no setting for what one second allows");
    }
}
