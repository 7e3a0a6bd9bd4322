namespace OtelTelemetry.Reading;

/// <summary>Copies what a <see cref="MetricFamilyReader"/> shows into a <see cref="MetricFamily"/>. Use one for one family at a time; not thread-safe.</summary>
public sealed class MetricFamilyMaterializer : MetricVisitor
{
    private readonly List<MetricSample> _samples = [];

    private MetricFamilyMaterializer()
    {
    }

    /// <summary>Copies a family.</summary>
    public static MetricFamily Materialize(MetricFamilyReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var copy = new MetricFamilyMaterializer();
        var position = 0;
        while (position != MetricFamilyReader.Done)
        {
            position = reader.Read(position, copy);
        }

        return new MetricFamily(reader.Descriptor, copy._samples);
    }

    /// <inheritdoc/>
    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
    {
        _samples.Add(new MetricSample(Labels(series), value, exemplar));
        return true;
    }

    /// <inheritdoc/>
    public override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        _samples.Add(new MetricSample(Labels(series), new HistogramSample(
            histogram.Bounds.ToArray(), histogram.BucketCounts.ToArray(), histogram.Sum, histogram.Exemplars.ToArray())));
        return true;
    }

    /// <inheritdoc/>
    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        _samples.Add(new MetricSample(Labels(series), new ExponentialHistogramSample(
            histogram.Scale, histogram.ZeroCount, histogram.PositiveOffset, histogram.PositiveCounts.ToArray(),
            histogram.Count, histogram.Sum, histogram.Exemplars.ToArray().OfType<MetricExemplar>())));
        return true;
    }

    /// <inheritdoc/>
    public override bool VisitSummary(Series series, in SummaryView summary)
    {
        _samples.Add(new MetricSample(Labels(series), new SummarySample(
            summary.Quantiles.ToArray(), summary.Values.ToArray(), summary.Count, summary.Sum)));
        return true;
    }

    private static KeyValuePair<string, string>[] Labels(Series series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var labels = new KeyValuePair<string, string>[series.LabelCount];
        for (var i = 0; i < labels.Length; i++) labels[i] = series.GetLabel(i);
        return labels;
    }
}
