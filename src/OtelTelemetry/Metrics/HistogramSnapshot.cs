namespace OtelTelemetry.Metrics;

/// <summary>A consistent reading of one histogram series. Immutable.</summary>
/// <param name="Bounds">The buckets' inclusive upper bounds, without +Inf.</param>
/// <param name="BucketCounts">How many values fell in each bucket, not cumulated; one more than there are bounds.</param>
/// <param name="Sum">The sum of the values.</param>
public sealed record HistogramSnapshot(IReadOnlyList<double> Bounds, IReadOnlyList<long> BucketCounts, double Sum)
{
    /// <summary>How many values were observed: the sum of the buckets.</summary>
    public long Count { get; } = BucketCounts.Sum();

    /// <summary>The mean of the values; NaN when there are none.</summary>
    public double Mean => Sum / Count;
}
