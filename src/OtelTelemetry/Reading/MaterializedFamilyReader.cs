using System.Runtime.InteropServices;

namespace OtelTelemetry.Reading;

/// <summary>Shows a <see cref="MetricFamily"/> to exporters as if it came from a live source. Thread-safe.</summary>
internal sealed class MaterializedFamilyReader : MetricFamilyReader
{
    private readonly MetricFamily _family;
    private readonly MaterializedSeries[] _series;

    public MaterializedFamilyReader(MetricFamily family)
    {
        _family = family;
        _series = [.. family.Samples.Select(sample => new MaterializedSeries(sample.Labels))];
    }

    public override MetricDescriptor Descriptor => _family.Descriptor;

    public override int Read(int start, MetricVisitor visitor)
    {
        for (var i = start; i < _series.Length; i++)
        {
            if (!Visit(visitor, _series[i], _family.Samples[i])) return i + 1 == _series.Length ? Done : i + 1;
        }

        return Done;
    }

    private bool Visit(MetricVisitor visitor, Series series, MetricSample sample)
    {
        switch (_family.Descriptor.Kind)
        {
            case MetricKind.Histogram:
                var histogram = sample.Histogram!;
                return visitor.VisitHistogram(series, new HistogramView(
                    histogram.Bounds.AsSpan(), histogram.BucketCounts.AsSpan(), histogram.Sum, histogram.Exemplars.AsSpan()));

            case MetricKind.ExponentialHistogram:
                var exponential = sample.ExponentialHistogram!;
                return visitor.VisitExponentialHistogram(series, new ExponentialHistogramView(
                    exponential.Scale, exponential.ZeroCount, exponential.PositiveOffset, exponential.PositiveCounts.AsSpan(),
                    exponential.Count, exponential.Sum, ImmutableCollectionsMarshal.AsArray(exponential.Exemplars)));

            case MetricKind.Summary:
                var summary = sample.Summary!;
                return visitor.VisitSummary(series, new SummaryView(
                    summary.Quantiles.AsSpan(), summary.Values.AsSpan(), summary.Count, summary.Sum));

            default:
                return visitor.VisitNumber(series, sample.Value, sample.Exemplars.Count == 0 ? null : sample.Exemplars[0]);
        }
    }

    private sealed class MaterializedSeries(IReadOnlyDictionary<string, string> labels) : Series
    {
        private readonly LabelMap _labels = labels as LabelMap ?? new LabelMap(labels);

        public override int LabelCount => _labels.Count;

        public override KeyValuePair<string, string> GetLabel(int index)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _labels.Count);
            return _labels.At(index);
        }
    }
}
