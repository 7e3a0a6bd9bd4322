using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Patterns;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>Reads the series a rule is about. Not thread-safe.</summary>
internal sealed class AlertSeriesReader : MetricVisitor
{
    private readonly string _metric;
    private readonly (string Name, WildcardPattern Pattern)[] _where;
    private readonly bool _wantsBuckets;
    private readonly double _quantile;
    private readonly List<(KeyValuePair<string, string>[] Labels, AlertPoint Point)> _found = [];
    private DateTimeOffset _now;
    private bool _isCounter;

    public AlertSeriesReader(AlertRule rule)
    {
        _metric = rule.Metric;
        _where = [.. rule.Where.Select(pair => (pair.Key, new WildcardPattern(pair.Value, ignoreCase: false)))];
        _wantsBuckets = rule.Function == AlertFunction.Quantile;
        _quantile = rule.Quantile;
    }

    /// <summary>The series there are, with their values. Valid until the next reading.</summary>
    public IReadOnlyList<(KeyValuePair<string, string>[] Labels, AlertPoint Point)> Read(IEnumerable<MetricFamilyReader> families, DateTimeOffset now)
    {
        _found.Clear();
        _now = now;
        foreach (var family in families)
        {
            if (family.Descriptor.Name != _metric) continue;
            _isCounter = family.Descriptor.Kind == MetricKind.Counter;
            for (var position = 0; position != MetricFamilyReader.Done;) position = family.Read(position, this);
        }

        return _found;
    }

    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar)
    {
        if (Matches(series)) Take(series, new AlertPoint(_now, value, double.NaN, null, double.NaN, _isCounter));
        return true;
    }

    public override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        if (!Matches(series)) return true;
        var buckets = _wantsBuckets ? new AlertBuckets.Explicit(histogram.Bounds.ToArray(), histogram.BucketCounts.ToArray()) : null;
        Take(series, new AlertPoint(_now, histogram.Count, histogram.Sum, buckets, double.NaN, BeginsAtZero: true));
        return true;
    }

    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        if (!Matches(series)) return true;
        var buckets = _wantsBuckets ? new AlertBuckets.Exponential(histogram.Scale, histogram.ZeroCount, histogram.PositiveOffset, histogram.PositiveCounts.ToArray()) : null;
        Take(series, new AlertPoint(_now, histogram.Count, histogram.Sum, buckets, double.NaN, BeginsAtZero: true));
        return true;
    }

    public override bool VisitSummary(Series series, in SummaryView summary)
    {
        if (!Matches(series)) return true;
        var index = summary.Quantiles.IndexOf(_quantile);
        Take(series, new AlertPoint(_now, summary.Count, summary.Sum, null, index < 0 ? double.NaN : summary.Values[index], BeginsAtZero: true));
        return true;
    }

    private void Take(Series series, AlertPoint point)
    {
        var labels = new KeyValuePair<string, string>[series.LabelCount];
        for (var i = 0; i < labels.Length; i++) labels[i] = series.GetLabel(i);
        _found.Add((labels, point));
    }

    private bool Matches(Series series)
    {
        foreach (var (name, pattern) in _where)
        {
            string? value = null;
            for (var i = 0; i < series.LabelCount && value is null; i++)
            {
                if (series.GetLabel(i) is var label && label.Key == name) value = label.Value;
            }

            // As everywhere in Prometheus, a label that is not there is an empty one.
            if (!pattern.IsMatch(value ?? "")) return false;
        }

        return true;
    }
}
