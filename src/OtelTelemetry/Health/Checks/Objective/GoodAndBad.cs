using OtelTelemetry.Reading;

namespace OtelTelemetry.Health.Checks.Objective;

/// <summary>Counts what happened and how much of it was bad. For one use; not thread-safe.</summary>
/// <param name="all">Which series count.</param>
/// <param name="bad">Which of them are bad; null for none.</param>
/// <param name="above">Observations above it are bad; null for none.</param>
internal sealed class GoodAndBad(SeriesMatch all, SeriesMatch? bad, double? above) : MetricVisitor
{
    public double Total { get; private set; }

    public double Bad { get; private set; }

    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar) => Add(series, value, 0);

    public override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        long beyond = 0;
        if (above is { } limit)
        {
            // The first bucket holds up to its bound; those after the first bound that is not below the limit are above.
            var within = 0;
            while (within < histogram.Bounds.Length && histogram.Bounds[within] < limit) within++;
            for (var i = within + 1; i < histogram.BucketCounts.Length; i++) beyond += histogram.BucketCounts[i];
        }

        return Add(series, histogram.Count, beyond);
    }

    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        long beyond = 0;
        if (above is { } limit)
        {
            for (var i = 0; i < histogram.PositiveCounts.Length; i++)
            {
                // Bucket i begins at base^(offset + i), with base 2^(2^-scale) (OpenTelemetry metrics data model).
                var lower = Math.Pow(2, (histogram.PositiveOffset + i) * Math.Pow(2, -histogram.Scale));
                if (lower >= limit) beyond += histogram.PositiveCounts[i];
            }
        }

        return Add(series, histogram.Count, beyond);
    }

    public override bool VisitSummary(Series series, in SummaryView summary) => Add(series, summary.Count, 0);

    private bool Add(Series series, double count, double beyond)
    {
        if (!all.Fits(series)) return true;
        Total += count;
        Bad += bad?.Fits(series) == true ? count : beyond;
        return true;
    }
}
