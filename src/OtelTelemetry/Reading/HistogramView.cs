namespace OtelTelemetry.Reading;

/// <summary>A consistent reading of one histogram series. Valid only during the visit; copy what must outlive it.</summary>
public readonly ref struct HistogramView
{
    /// <summary>Makes a view over the reader's buffers.</summary>
    public HistogramView(ReadOnlySpan<double> bounds, ReadOnlySpan<long> bucketCounts, double sum, ReadOnlySpan<MetricExemplar?> exemplars)
    {
        Bounds = bounds;
        BucketCounts = bucketCounts;
        Sum = sum;
        Exemplars = exemplars;
    }

    /// <summary>The buckets' inclusive upper bounds, ascending, without the last one, which is +Inf.</summary>
    public ReadOnlySpan<double> Bounds { get; }

    /// <summary>How many observations fell in each bucket (not cumulated): one more than there are bounds.</summary>
    public ReadOnlySpan<long> BucketCounts { get; }

    /// <summary>The sum of all observations.</summary>
    public double Sum { get; }

    /// <summary>One exemplar a bucket, null where there is none; or empty when there are none at all.</summary>
    public ReadOnlySpan<MetricExemplar?> Exemplars { get; }

    /// <summary>How many observations there were: by definition the sum of the buckets.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var bucket in BucketCounts) count += bucket;
            return count;
        }
    }

    /// <summary>The value below which a share of all observations lies, by linear interpolation inside its bucket
    /// (as Prometheus' <c>histogram_quantile</c> does). NaN when there is no observation; the highest bound when it lies past that.</summary>
    /// <param name="quantile">From 0 to 1: 0.95 for the 95th percentile.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside that range.</exception>
    public double GetQuantile(double quantile) => BucketQuantiles.Explicit(Bounds, BucketCounts, quantile);
}
