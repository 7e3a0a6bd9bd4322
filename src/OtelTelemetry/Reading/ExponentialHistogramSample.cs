using System.Collections.Immutable;

namespace OtelTelemetry.Reading;

/// <summary>The value of one base-2 exponential histogram series at one moment
/// (OpenTelemetry metrics data model, section "ExponentialHistogram"). Immutable.</summary>
public sealed class ExponentialHistogramSample
{
    /// <summary>Makes an exponential histogram value.</summary>
    /// <param name="scale">The resolution: the base is 2^(2^-scale).</param>
    /// <param name="zeroCount">How many observations were zero.</param>
    /// <param name="positiveOffset">The index of the first positive bucket.</param>
    /// <param name="positiveCounts">How many observations fell in each positive bucket.</param>
    /// <param name="count">How many observations there were.</param>
    /// <param name="sum">The sum of all observations.</param>
    /// <param name="exemplars">Some exemplars, in no order.</param>
    public ExponentialHistogramSample(
        int scale, long zeroCount, int positiveOffset, IEnumerable<long> positiveCounts, long count, double sum, IEnumerable<MetricExemplar>? exemplars = null)
    {
        Scale = scale;
        ZeroCount = zeroCount;
        PositiveOffset = positiveOffset;
        PositiveCounts = [.. positiveCounts];
        Count = count;
        Sum = sum;
        Exemplars = exemplars is null ? [] : [.. exemplars];
    }

    /// <summary>The resolution: the base is 2^(2^-scale). From -11 to 20.</summary>
    public int Scale { get; }

    /// <summary>How many observations were zero.</summary>
    public long ZeroCount { get; }

    /// <summary>The index of the first positive bucket.</summary>
    public int PositiveOffset { get; }

    /// <summary>How many observations fell in each positive bucket.</summary>
    public ImmutableArray<long> PositiveCounts { get; }

    /// <summary>How many observations there were.</summary>
    public long Count { get; }

    /// <summary>The sum of all observations.</summary>
    public double Sum { get; }

    /// <summary>Some exemplars, in no order; or empty.</summary>
    public ImmutableArray<MetricExemplar> Exemplars { get; }

    /// <summary>The value below which a share of all observations lies, by exponential interpolation inside its bucket
    /// (as Prometheus' <c>histogram_quantile</c> does). NaN when there is no observation.</summary>
    /// <param name="quantile">From 0 to 1: 0.95 for the 95th percentile.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside that range.</exception>
    public double GetQuantile(double quantile) => BucketQuantiles.Exponential(Scale, ZeroCount, PositiveOffset, PositiveCounts.AsSpan(), quantile);
}
