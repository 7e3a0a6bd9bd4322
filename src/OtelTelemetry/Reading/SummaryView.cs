namespace OtelTelemetry.Reading;

/// <summary>A reading of one summary series. Valid only during the visit; copy what must outlive it.</summary>
public readonly ref struct SummaryView
{
    /// <summary>Makes a view over the reader's buffers.</summary>
    public SummaryView(ReadOnlySpan<double> quantiles, ReadOnlySpan<double> values, long count, double sum)
    {
        Quantiles = quantiles;
        Values = values;
        Count = count;
        Sum = sum;
    }

    /// <summary>The quantiles, ascending, each from 0 to 1.</summary>
    public ReadOnlySpan<double> Quantiles { get; }

    /// <summary>The value of each quantile over the sliding window; NaN while the window is empty.</summary>
    public ReadOnlySpan<double> Values { get; }

    /// <summary>How many observations there were since start.</summary>
    public long Count { get; }

    /// <summary>The sum of all observations since start.</summary>
    public double Sum { get; }
}
