using OtelTelemetry.Configuration;
using OtelTelemetry.Processors.Logs.Suppress;

namespace OtelTelemetry.Processors.Logs.RateLimit;

/// <summary>
/// Lets at most so many records of one kind through in a period, and says in one record of the same category, level and event id how many it
/// left out: "Suppressed 4711 times in 10 s: …". What passed and what is reported add up to what was logged. Of one kind are records of one category with the same event id, or, where
/// they have none, with the same template. Immutable.
/// </summary>
public sealed record LogRateLimitOptions : LogProcessorOptions
{
    internal const int LargestKinds = 1_000_000;

    /// <summary>The most records of one kind in a period. From 1 to 1,000,000. Default: 10.</summary>
    public int MaxRecords { get; init; } = 10;

    /// <summary>The period, which begins with the first record of a kind. From 1 second to 1 day. Default: 10 seconds.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most kinds that are told apart; those beyond share one limit. From 1 to 1,000,000. Default: 10,000.</summary>
    public int MaxKinds { get; init; } = 10_000;

    /// <inheritdoc/>
    public override LogProcessor Create(LogProcessorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new LogRateLimit(this, context);
    }

    internal static LogProcessorOptions Read(SettingSection settings)
    {
        var options = new LogRateLimitOptions();
        settings.Bind("MaxRecords", Parse.Integer, value => options = options with { MaxRecords = value });
        settings.Bind("Period", Parse.Duration, value => options = options with { Period = value });
        settings.Bind("MaxKinds", Parse.Integer, value => options = options with { MaxKinds = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (MaxRecords is < 1 or > 1_000_000) yield return (nameof(MaxRecords), FormattableString.Invariant($"{MaxRecords} is no number of records that may pass"), "Allowed: 1 to 1000000");
        if (SuppressionChecks.WhatIsWrongWith(Period) is { } wrong) yield return (nameof(Period), wrong, SuppressionChecks.Allowed);
        if (MaxKinds is < 1 or > LargestKinds) yield return (nameof(MaxKinds), FormattableString.Invariant($"{MaxKinds} is no number of kinds"), "Allowed: 1 to 1000000");
    }
}
