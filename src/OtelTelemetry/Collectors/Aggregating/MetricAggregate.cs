namespace OtelTelemetry.Collectors.Aggregating;

/// <summary>What the measurements of one name with the same tags were together. Immutable.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Tags">The tags.</param>
/// <param name="Count">How many measurements there were; sampled ones count for those they stand for.</param>
/// <param name="Sum">Their sum; sampled ones count for those they stand for.</param>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
public sealed record MetricAggregate(string Name, MetricTags Tags, double Count, double Sum, double Min, double Max)
{
    /// <summary>The mean value.</summary>
    public double Mean => Sum / Count;
}
