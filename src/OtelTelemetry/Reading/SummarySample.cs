using System.Collections.Immutable;

namespace OtelTelemetry.Reading;

/// <summary>The value of one summary series at one moment. Immutable.</summary>
public sealed class SummarySample
{
    /// <summary>Makes a summary value.</summary>
    /// <param name="quantiles">The quantiles, ascending, each from 0 to 1.</param>
    /// <param name="values">The value of each quantile; NaN when there was no observation.</param>
    /// <param name="count">How many observations there were since start.</param>
    /// <param name="sum">The sum of all observations since start.</param>
    /// <exception cref="ArgumentException">There are not as many values as quantiles.</exception>
    public SummarySample(IEnumerable<double> quantiles, IEnumerable<double> values, long count, double sum)
    {
        Quantiles = [.. quantiles];
        Values = [.. values];
        Count = count;
        Sum = sum;
        if (Quantiles.Length != Values.Length)
        {
            throw new ArgumentException($"There are {Values.Length} values for {Quantiles.Length} quantiles.", nameof(values));
        }
    }

    /// <summary>The quantiles, ascending, each from 0 to 1.</summary>
    public ImmutableArray<double> Quantiles { get; }

    /// <summary>The value of each quantile.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>How many observations there were since start.</summary>
    public long Count { get; }

    /// <summary>The sum of all observations since start.</summary>
    public double Sum { get; }
}
