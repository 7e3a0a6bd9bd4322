using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters;

/// <summary>Counts the series that an exporter reads of the families of one export.</summary>
internal sealed class SeriesCounter
{
    /// <summary>How many were read.</summary>
    public long Series { get; private set; }

    /// <summary>The same families, counted when they are read.</summary>
    public IReadOnlyList<MetricFamilyReader> Count(IReadOnlyList<MetricFamilyReader> families)
    {
        var counted = new MetricFamilyReader[families.Count];
        for (var i = 0; i < counted.Length; i++) counted[i] = new CountedFamily(families[i], this);
        return counted;
    }

    private sealed class CountedFamily(MetricFamilyReader family, SeriesCounter counter) : MetricFamilyReader
    {
        public override MetricDescriptor Descriptor => family.Descriptor;

        public override int Read(int start, MetricVisitor visitor) => family.Read(start, new CountingVisitor(visitor, counter));
    }

    private sealed class CountingVisitor(MetricVisitor visitor, SeriesCounter counter) : MetricVisitor
    {
        public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
        {
            counter.Series++;
            return visitor.VisitNumber(series, value, exemplar);
        }

        public override bool VisitHistogram(Series series, in HistogramView histogram)
        {
            counter.Series++;
            return visitor.VisitHistogram(series, histogram);
        }

        public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
        {
            counter.Series++;
            return visitor.VisitExponentialHistogram(series, histogram);
        }

        public override bool VisitSummary(Series series, in SummaryView summary)
        {
            counter.Series++;
            return visitor.VisitSummary(series, summary);
        }
    }
}
