using OpenTelemetry.Metrics;

namespace OtelTelemetry.Reading.Sdk;

/// <summary>The values of one metric in one snapshot, in arrays that are used again by the snapshot's next life.</summary>
internal sealed class SdkFamily : MetricFamilyReader
{
    private MetricDescriptor? _descriptor;
    private SdkPoint[] _points = [];
    private int _count;
    private double[] _bounds = [];
    private int _boundCount;

    public override MetricDescriptor Descriptor => _descriptor!;

    /// <summary>Copies a metric, whose points the SDK overwrites at its next collection.</summary>
    public void Fill(SdkInstrument instrument, Metric metric)
    {
        _descriptor = instrument.Descriptor;
        _count = 0;
        _boundCount = -1;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (_count == _points.Length) Array.Resize(ref _points, Math.Max(4, _count * 2));
            var copy = _points[_count] ??= new SdkPoint();
            copy.Series = instrument.SeriesAt(_count, point.Tags);
            if (metric.MetricType == MetricType.Histogram) CopyHistogram(copy, point);
            else copy.Fill(metric.MetricType, point);
            _count++;
        }
    }

    public override int Read(int start, MetricVisitor visitor)
    {
        for (var i = start; i < _count; i++)
        {
            var point = _points[i];
            var goOn = Descriptor.Kind switch
            {
                MetricKind.Histogram => visitor.VisitHistogram(point.Series!, new HistogramView(
                    _bounds.AsSpan(0, Math.Max(_boundCount, 0)), point.Counts, point.Sum, point.Exemplars)),
                MetricKind.ExponentialHistogram => visitor.VisitExponentialHistogram(point.Series!, new ExponentialHistogramView(
                    point.Scale, point.ZeroCount, point.Offset, point.Counts, point.Count, point.Sum, point.Exemplars)),
                _ => visitor.VisitNumber(point.Series!, point.Sum, point.Exemplars.IsEmpty ? null : point.Exemplars[0]),
            };
            if (!goOn) return i + 1 == _count ? Done : i + 1;
        }

        return Done;
    }

    // All points of one metric have the same bounds: they are copied from the first point only.
    private void CopyHistogram(SdkPoint copy, in MetricPoint point)
    {
        var first = _boundCount < 0;
        copy.BeginHistogram(point);
        var bounds = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            copy.AddBucket(bucket.BucketCount);
            if (!first || double.IsPositiveInfinity(bucket.ExplicitBound)) continue;
            if (bounds == _bounds.Length) Array.Resize(ref _bounds, Math.Max(16, bounds * 2));
            _bounds[bounds++] = bucket.ExplicitBound;
        }

        if (first) _boundCount = bounds;
        copy.EndHistogram(point, _bounds.AsSpan(0, _boundCount));
    }
}
