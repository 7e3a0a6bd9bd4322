using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Own;

/// <summary>A <see cref="MergedFamily"/> at one collection: values are put together at the first reading and stay. Thread-safe.</summary>
internal sealed class MergedFamilyReader(MergedFamily family) : MetricFamilyReader
{
    private readonly List<MetricInstrument> _parts = [];
    private readonly Lock _gate = new();
    private IReadOnlyList<MergedPoint>? _points;

    public override MetricDescriptor Descriptor => family.Descriptor;

    /// <summary>Adds a metric that goes in; before anybody reads.</summary>
    public void Add(MetricInstrument part) => _parts.Add(part);

    public override int Read(int start, MetricVisitor visitor)
    {
        var points = Points();
        for (var i = start; i < points.Count; i++)
        {
            if (!Visit(points[i], visitor)) return i + 1 == points.Count ? Done : i + 1;
        }

        return Done;
    }

    private IReadOnlyList<MergedPoint> Points()
    {
        lock (_gate) return _points ??= family.Merge(_parts);
    }

    private bool Visit(MergedPoint point, MetricVisitor visitor)
    {
        switch (Descriptor.Kind)
        {
            case MetricKind.Histogram:
                return visitor.VisitHistogram(point.Series, new HistogramView(family.Points, point.Buckets, point.Number, point.Exemplars));

            case MetricKind.Summary:
                var values = new double[family.Points.Length];
                for (var i = 0; i < values.Length; i++) values[i] = point.Sketch!.Quantile(family.Points[i]);
                return visitor.VisitSummary(point.Series, new SummaryView(family.Points, values, point.Count, point.Number));

            default:
                return visitor.VisitNumber(point.Series, point.Number, point.Exemplars.Length == 0 ? null : point.Exemplars[0]);
        }
    }
}
