namespace OtelTelemetry.Collectors.Aggregating;

/// <summary>The settings of an <see cref="AggregatingCollector"/>. Immutable.</summary>
public sealed record AggregatingCollectorOptions : CollectorOptions
{
    /// <summary>How long values are put together before they begin anew; from 10 milliseconds. Windows follow each other without gaps.
    /// Default: null, for ever.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>The most combinations of name and tags that are kept apart; measurements of further ones pass without being aggregated
    /// (<see cref="AggregatingCollector.Unaggregated"/>). From 1. Default: 10,000.</summary>
    public int MaxSeries { get; init; } = 10_000;

    /// <inheritdoc/>
    public override IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider) => new AggregatingCollector(next, this, timeProvider);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Window < TimeSpan.FromMilliseconds(10)) yield return (nameof(Window), $"{Window} is too short to be told apart", "Allowed: from 10ms, or no setting for ever");
        if (MaxSeries < 1) yield return (nameof(MaxSeries), $"{MaxSeries} keeps nothing", "Allowed: from 1");
    }
}
