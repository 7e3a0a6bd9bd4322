using System.Collections.Immutable;

namespace OtelTelemetry.Reading;

/// <summary>The value of one histogram series at one moment. Immutable.</summary>
public sealed class HistogramSample
{
    /// <summary>Makes a histogram value.</summary>
    /// <param name="bounds">The inclusive upper bounds, ascending, without +Inf.</param>
    /// <param name="bucketCounts">How many observations fell in each bucket: one more than there are bounds.</param>
    /// <param name="sum">The sum of all observations.</param>
    /// <param name="exemplars">One a bucket, null where there is none; or empty.</param>
    /// <exception cref="ArgumentException">The lengths do not fit together.</exception>
    public HistogramSample(IEnumerable<double> bounds, IEnumerable<long> bucketCounts, double sum, IEnumerable<MetricExemplar?>? exemplars = null)
    {
        Bounds = [.. bounds];
        BucketCounts = [.. bucketCounts];
        Exemplars = exemplars is null ? [] : [.. exemplars];
        Sum = sum;
        if (BucketCounts.Length != Bounds.Length + 1)
        {
            throw new ArgumentException($"{Bounds.Length} bounds need {Bounds.Length + 1} bucket counts, but there are {BucketCounts.Length}.", nameof(bucketCounts));
        }

        if (Exemplars.Length != 0 && Exemplars.Length != BucketCounts.Length)
        {
            throw new ArgumentException($"There are {Exemplars.Length} exemplars for {BucketCounts.Length} buckets; give one a bucket (null where there is none) or none at all.", nameof(exemplars));
        }

        foreach (var bucket in BucketCounts) Count += bucket;
    }

    /// <summary>The inclusive upper bounds, ascending, without the last one, which is +Inf.</summary>
    public ImmutableArray<double> Bounds { get; }

    /// <summary>How many observations fell in each bucket (not cumulated).</summary>
    public ImmutableArray<long> BucketCounts { get; }

    /// <summary>One exemplar a bucket, null where there is none; or empty.</summary>
    public ImmutableArray<MetricExemplar?> Exemplars { get; }

    /// <summary>The sum of all observations.</summary>
    public double Sum { get; }

    /// <summary>How many observations there were.</summary>
    public long Count { get; }

    /// <summary>The value below which a share of all observations lies, by linear interpolation inside its bucket
    /// (as Prometheus' <c>histogram_quantile</c> does). NaN when there is no observation; the highest bound when it lies past that.</summary>
    /// <param name="quantile">From 0 to 1: 0.95 for the 95th percentile.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside that range.</exception>
    public double GetQuantile(double quantile) => BucketQuantiles.Explicit(Bounds.AsSpan(), BucketCounts.AsSpan(), quantile);
}
