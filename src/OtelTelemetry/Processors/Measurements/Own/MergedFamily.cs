using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements.Labels;
using OtelTelemetry.Reading;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Own;

/// <summary>
/// One of our metrics with other labels: knows which of its series goes where, and puts values together. A counter's or histogram's
/// series that expired keeps its place in the sum as long as others share it: sums do not go down. Thread-safe.
/// </summary>
internal sealed class MergedFamily(MetricInstrument first, InstrumentPlan plan)
{
    private readonly InstrumentPlan _plan = plan;
    private readonly Lock _gate = new();
    private readonly Dictionary<Series, Source> _sources = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tag[], Target> _targets = new(TagSetComparer.Instance);
    private long _turn;

    public MetricDescriptor Descriptor { get; } = plan.Name == first.Name ? first.Descriptor : first.Descriptor.Renamed(plan.Name);

    /// <summary>The bounds of a histogram or the quantiles of a summary.</summary>
    public double[] Points => first.Definition.Points;

    /// <summary>The values of this moment.</summary>
    /// <param name="parts">The metric, or all metrics of its name and meter where their constant labels differ.</param>
    public IReadOnlyList<MergedPoint> Merge(IEnumerable<MetricInstrument> parts)
    {
        lock (_gate)
        {
            _turn++;
            var merge = new Merging(this);
            foreach (var part in parts) part.Read(0, merge);
            ForgetVanished();
            foreach (var target in merge.Touched) target.AddCarried(Descriptor.Kind);
            return [.. merge.Touched.Select(target => target.Point!)];
        }
    }

    private Source Find(Series series)
    {
        if (_sources.TryGetValue(series, out var source)) return source;
        var labels = new Tag[series.LabelCount];
        for (var i = 0; i < labels.Length; i++)
        {
            var (name, value) = series.GetLabel(i);
            labels[i] = new(name, value);
        }

        source = new Source(_plan.Labels!.Apply(labels) is { } changed ? TargetOf(changed) : null);
        _sources.Add(series, source);

        // Once a series, since reading does not know how often it was recorded in.
        if (source.Target is null) TelemetryLosses.Count("metrics", first.Name, "series_filtered_by_rule");
        return source;
    }

    private Target TargetOf(Tag[] labels)
    {
        if (_targets.TryGetValue(labels, out var target)) return target;
        target = new Target(labels, new ProcessedSeries([.. labels.Select(label => KeyValuePair.Create(label.Key, (string)label.Value!))]));
        _targets.Add(labels, target);
        return target;
    }

    private void ForgetVanished()
    {
        foreach (var (series, source) in _sources)
        {
            if (source.Turn == _turn) continue;
            _sources.Remove(series);
            source.Target?.Carry(source);
        }

        foreach (var (labels, target) in _targets)
        {
            if (target.Turn != _turn) _targets.Remove(labels);
        }
    }

    /// <summary>One of our series.</summary>
    private sealed class Source(Target? target)
    {
        public Target? Target => target;

        public long Turn { get; set; }

        /// <summary>What it had at the last collection, where series expire.</summary>
        public double Number { get; set; }

        public long Count { get; set; }

        public long[] Buckets { get; set; } = [];
    }

    /// <summary>The series that one or more of ours go into.</summary>
    private sealed class Target(Tag[] labels, ProcessedSeries series)
    {
        private double _carried;
        private long _carriedCount;
        private long[] _carriedBuckets = [];

        public Tag[] Labels => labels;

        public MergedPoint? Point { get; private set; }

        public long Turn { get; private set; }

        public MergedPoint Begin(long turn)
        {
            (Turn, Point) = (turn, new MergedPoint(series));
            return Point;
        }

        public void Carry(Source ended)
        {
            _carried += ended.Number;
            _carriedCount += ended.Count;
            if (_carriedBuckets.Length == 0) _carriedBuckets = new long[ended.Buckets.Length];
            for (var i = 0; i < ended.Buckets.Length; i++) _carriedBuckets[i] += ended.Buckets[i];
        }

        public void AddCarried(MetricKind kind)
        {
            if (kind == MetricKind.Counter) Point!.AddCounter(_carried, null);
            else if (kind == MetricKind.Histogram && _carriedBuckets.Length > 0) Point!.AddHistogram(_carriedBuckets, _carried, default);
            else if (kind == MetricKind.Summary) Point!.AddSummary(_carriedCount, _carried);
        }
    }

    private sealed class Merging(MergedFamily family) : MetricVisitor
    {
        /// <summary>In the order in which they were come upon, which is the order of our series.</summary>
        public List<Target> Touched { get; } = [];

        public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
        {
            if (Enter(series) is not var (source, point)) return true;
            if (family.Descriptor.Kind == MetricKind.Counter)
            {
                point.AddCounter(value, exemplar);
                source.Number = value;
            }
            else
            {
                point.AddGauge(value, family._plan.GaugeMerge);
            }

            return true;
        }

        public override bool VisitHistogram(Series series, in HistogramView histogram)
        {
            if (Enter(series) is not var (source, point)) return true;
            point.AddHistogram(histogram.BucketCounts, histogram.Sum, histogram.Exemplars);
            if (((BoundSeries)series).Instrument.Definition.IdleExpiry is null) return true;
            if (source.Buckets.Length == 0) source.Buckets = new long[histogram.BucketCounts.Length];
            histogram.BucketCounts.CopyTo(source.Buckets);
            source.Number = histogram.Sum;
            return true;
        }

        public override bool VisitSummary(Series series, in SummaryView summary)
        {
            if (Enter(series) is not var (source, point)) return true;
            point.AddSummary(summary.Count, summary.Sum);
            (source.Count, source.Number) = (summary.Count, summary.Sum);
            ((BoundSummary)series).AddWindowTo(point.Sketch!);
            return true;
        }

        /// <summary>None of our metrics is one.</summary>
        public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram) => true;

        private (Source Source, MergedPoint Point)? Enter(Series series)
        {
            var source = family.Find(series);
            source.Turn = family._turn;
            if (source.Target is not { } target) return null;
            if (target.Turn == family._turn) return (source, target.Point!);
            Touched.Add(target);
            return (source, target.Begin(family._turn));
        }
    }
}
