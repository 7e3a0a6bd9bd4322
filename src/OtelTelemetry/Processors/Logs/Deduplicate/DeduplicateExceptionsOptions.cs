using OtelTelemetry.Configuration;
using OtelTelemetry.Processors.Logs.RateLimit;
using OtelTelemetry.Processors.Logs.Suppress;

namespace OtelTelemetry.Processors.Logs.Deduplicate;

/// <summary>
/// Lets one record with an exception of the same type and stack through in a period, wherever and with whatever text it is logged, and says in one record how often it
/// came again. Exceptions that were never thrown have no stack and pass. Where <c>Redact</c> stands before, an exception that held a secret is gone: put this first. Immutable.
/// </summary>
public sealed record DeduplicateExceptionsOptions : LogProcessorOptions
{
    /// <summary>The period, which begins with the first of the same. From 1 second to 1 day. Default: 1 minute.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most stacks that are told apart; those beyond share one. From 1 to 1,000,000. Default: 1000.</summary>
    public int MaxKinds { get; init; } = 1000;

    /// <inheritdoc/>
    public override LogProcessor Create(LogProcessorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new ExceptionDeduplicator(this, context);
    }

    internal static LogProcessorOptions Read(SettingSection settings)
    {
        var options = new DeduplicateExceptionsOptions();
        settings.Bind("Period", Parse.Duration, value => options = options with { Period = value });
        settings.Bind("MaxKinds", Parse.Integer, value => options = options with { MaxKinds = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (SuppressionChecks.WhatIsWrongWith(Period) is { } wrong) yield return (nameof(Period), wrong, SuppressionChecks.Allowed);
        if (MaxKinds is < 1 or > LogRateLimitOptions.LargestKinds) yield return (nameof(MaxKinds), FormattableString.Invariant($"{MaxKinds} is no number of kinds"), "Allowed: 1 to 1000000");
    }
}
