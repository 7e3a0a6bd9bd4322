namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>What CloudWatch is told of a histogram.</summary>
public enum CloudWatchHistograms
{
    /// <summary>How many observations came and their sum, which are exact, and the smallest and largest, as far as the buckets tell them.
    /// CloudWatch then knows no percentiles.</summary>
    StatisticSets,

    /// <summary>The middle of each bucket and how many observations came into it. CloudWatch then computes percentiles; the sum is as
    /// exact as the buckets are narrow.</summary>
    ValuesAndCounts,
}
