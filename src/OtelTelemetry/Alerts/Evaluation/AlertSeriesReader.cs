using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>Reads the series a rule is about. Not thread-safe.</summary>
internal sealed class AlertSeriesReader : MetricVisitor
{
    private readonly (string Name, WildcardPattern Pattern)[] _where;
    private readonly bool _wantsBuckets;
    private readonly double _quantile;

    public AlertSeriesReader(AlertRule rule)
    {
        _where = [.. rule.Where.Select(pair => (pair.Key, new WildcardPattern(pair.Value, ignoreCase: false)))];
        _wantsBuckets = rule.Function == AlertFunction.Quantile;
        _quantile = rule.Quantile;
    }

    /// <summary>What was found, by the labels.</summary>
    public List<(KeyValuePair<string, string>[] Labels, AlertPoint Point)> Found { get; } = [];

    public DateTimeOffset Now { get; set; }

    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar) => Take(series, new AlertPoint(Now, value, double.NaN, null, double.NaN));

    public override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        if (!Matches(series)) return true;
        var buckets = _wantsBuckets ? new AlertBuckets.Explicit(histogram.Bounds.ToArray(), histogram.BucketCounts.ToArray()) : null;
        return Take(series, new AlertPoint(Now, histogram.Count, histogram.Sum, buckets, double.NaN));
    }

    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        if (!Matches(series)) return true;
        var buckets = _wantsBuckets ? new AlertBuckets.Exponential(histogram.Scale, histogram.ZeroCount, histogram.PositiveOffset, histogram.PositiveCounts.ToArray()) : null;
        return Take(series, new AlertPoint(Now, histogram.Count, histogram.Sum, buckets, double.NaN));
    }

    public override bool VisitSummary(Series series, in SummaryView summary)
    {
        var index = summary.Quantiles.IndexOf(_quantile);
        return Take(series, new AlertPoint(Now, summary.Count, summary.Sum, null, index < 0 ? double.NaN : summary.Values[index]));
    }

    private bool Take(Series series, AlertPoint point)
    {
        if (!Matches(series)) return true;
        var labels = new KeyValuePair<string, string>[series.LabelCount];
        for (var i = 0; i < labels.Length; i++) labels[i] = series.GetLabel(i);
        Found.Add((labels, point));
        return true;
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

            if (!pattern.IsMatch(value ?? "")) return false;
        }

        return true;
    }
}
