namespace OtelTelemetry.Reading;

/// <summary>A reading of one base-2 exponential histogram series. Valid only during the visit; copy what must outlive it.
/// Bucket <c>i</c> of the positive range holds values in (base^(offset+i), base^(offset+i+1)] with base = 2^(2^-scale)
/// (OpenTelemetry metrics data model, section "ExponentialHistogram").</summary>
public readonly ref struct ExponentialHistogramView
{
    /// <summary>Makes a view over the reader's buffers.</summary>
    public ExponentialHistogramView(
        int scale, long zeroCount, int positiveOffset, ReadOnlySpan<long> positiveCounts, long count, double sum, ReadOnlySpan<MetricExemplar?> exemplars)
    {
        Scale = scale;
        ZeroCount = zeroCount;
        PositiveOffset = positiveOffset;
        PositiveCounts = positiveCounts;
        Count = count;
        Sum = sum;
        Exemplars = exemplars;
    }

    /// <summary>The resolution: the base is 2^(2^-scale). From -11 to 20.</summary>
    public int Scale { get; }

    /// <summary>How many observations were zero.</summary>
    public long ZeroCount { get; }

    /// <summary>The index of the first positive bucket.</summary>
    public int PositiveOffset { get; }

    /// <summary>How many observations fell in each positive bucket.</summary>
    public ReadOnlySpan<long> PositiveCounts { get; }

    /// <summary>How many observations there were.</summary>
    public long Count { get; }

    /// <summary>The sum of all observations.</summary>
    public double Sum { get; }

    /// <summary>Some exemplars, in no order; or empty.</summary>
    public ReadOnlySpan<MetricExemplar?> Exemplars { get; }

    /// <summary>The value below which a share of all observations lies, by exponential interpolation inside its bucket
    /// (as Prometheus' <c>histogram_quantile</c> does). NaN when there is no observation.</summary>
    /// <param name="quantile">From 0 to 1: 0.95 for the 95th percentile.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside that range.</exception>
    public double GetQuantile(double quantile) => BucketQuantiles.Exponential(Scale, ZeroCount, PositiveOffset, PositiveCounts, quantile);
}
