using OtelTelemetry.Reading;

namespace OtelTelemetry.Health.Checks.Metric;

/// <summary>Takes one number of each series. For one use; not thread-safe.</summary>
/// <param name="match">Which series.</param>
/// <param name="quantile">Which quantile of a distribution; null for its mean.</param>
internal sealed class SeriesValues(SeriesMatch match, double? quantile) : MetricVisitor
{
    public Dictionary<string, double> Values { get; } = new(StringComparer.Ordinal);

    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar) => Take(series, value);

    public override bool VisitHistogram(Series series, in HistogramView histogram) => Take(
        series, quantile is { } one ? BucketQuantiles.Explicit(histogram.Bounds, histogram.BucketCounts, one) : Mean(histogram.Sum, histogram.Count));

    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram) =>
        Take(series, quantile is { } one ? histogram.GetQuantile(one) : Mean(histogram.Sum, histogram.Count));

    public override bool VisitSummary(Series series, in SummaryView summary)
    {
        if (quantile is not { } one) return Take(series, Mean(summary.Sum, summary.Count));
        var index = summary.Quantiles.IndexOf(one);
        return Take(series, index < 0 ? double.NaN : summary.Values[index]);
    }

    private static double Mean(double sum, long count) => count == 0 ? double.NaN : sum / count;

    private bool Take(Series series, double value)
    {
        if (!double.IsNaN(value) && match.Fits(series)) Values[series.ToString()] = value;
        return true;
    }
}
