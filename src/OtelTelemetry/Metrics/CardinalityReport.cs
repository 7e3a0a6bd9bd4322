using System.Globalization;
using System.Text;

namespace OtelTelemetry.Metrics;

/// <summary>Which metrics have many series, and which label makes them. Immutable.</summary>
/// <param name="Metrics">One entry a metric, the fullest first.</param>
public sealed record CardinalityReport(IReadOnlyList<MetricCardinality> Metrics)
{
    /// <summary>The metrics whose cap was reached: values of theirs are in an overflow series.</summary>
    public IEnumerable<MetricCardinality> Overflowing => Metrics.Where(metric => metric.OverflowedLookups > 0);

    /// <summary>A line a metric with labels, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var metric in Metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"{metric.Metric}: {metric.Series} of {metric.MaxSeries} series");
            if (metric.GuiltyLabel is { } label)
            {
                text.Append(CultureInfo.InvariantCulture, $", most values in label '{label.Name}' ({label.DistinctValues}, such as '{string.Join("', '", label.Examples)}')");
            }

            if (metric.OverflowedLookups > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"; {metric.OverflowedLookups} look-ups went to the overflow series: remove the label, give it fewer values, or raise MaxSeries");
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    internal static CardinalityReport Of(IEnumerable<MetricInstrument> metrics) => new(
        [.. metrics.Select(MetricCardinality.Of).OrderByDescending(metric => metric.OverflowedLookups > 0).ThenByDescending(metric => (double)metric.Series / metric.MaxSeries)]);
}

/// <summary>The series of one metric. Immutable.</summary>
/// <param name="Metric">The metric's full name.</param>
/// <param name="Series">How many series it has, the overflow series not counted.</param>
/// <param name="MaxSeries">Its cap.</param>
/// <param name="OverflowedLookups">How many times label values found no place below the cap.</param>
/// <param name="Labels">One entry a label, the one with the most values first.</param>
public sealed record MetricCardinality(string Metric, int Series, int MaxSeries, long OverflowedLookups, IReadOnlyList<LabelCardinality> Labels)
{
    /// <summary>The label with the most different values; null for a metric without labels.</summary>
    public LabelCardinality? GuiltyLabel => Labels.Count > 0 ? Labels[0] : null;

    internal static MetricCardinality Of(MetricInstrument metric)
    {
        var names = metric.LabelNames;
        var values = names.Select(_ => new HashSet<string>(StringComparer.Ordinal)).ToArray();
        foreach (var series in metric.AllSeries())
        {
            if (ReferenceEquals(series, metric.OverflowSeries)) continue;
            for (var i = 0; i < values.Length; i++) values[i].Add(series.Values[i]);
        }

        var labels = names.Select((name, i) => new LabelCardinality(name, values[i].Count, [.. values[i].TakeLast(3)]));
        return new(metric.Name, metric.SeriesCount, metric.MaxSeries, metric.OverflowedLookups, [.. labels.OrderByDescending(label => label.DistinctValues)]);
    }
}

/// <summary>The values of one label. Immutable.</summary>
/// <param name="Name">The label's name.</param>
/// <param name="DistinctValues">How many different values the metric's series have.</param>
/// <param name="Examples">A few of them.</param>
public sealed record LabelCardinality(string Name, int DistinctValues, IReadOnlyList<string> Examples);
