using System.Text.RegularExpressions;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters;

/// <summary>Which metrics and series one exporter gets (<see cref="MetricsExporterOptions.Include"/>, <see cref="MetricsExporterOptions.Exclude"/>,
/// <see cref="MetricsExporterOptions.Where"/>). Immutable.</summary>
internal sealed class MetricFilter
{
    private readonly Regex[] _include;
    private readonly Regex[] _exclude;
    private readonly (string Label, Regex Value)[] _where;

    public MetricFilter(MetricsExporterOptions options)
    {
        _include = [.. options.Include.Select(Pattern)];
        _exclude = [.. options.Exclude.Select(Pattern)];
        _where = [.. options.Where.Select(pair => (pair.Key, Pattern(pair.Value)))];
    }

    /// <summary>Whether everything passes.</summary>
    public bool IsEmpty => _include.Length == 0 && _exclude.Length == 0 && _where.Length == 0;

    public IReadOnlyList<MetricFamilyReader> Apply(IReadOnlyList<MetricFamilyReader> families)
    {
        if (IsEmpty) return families;
        var passing = families.Where(family => Passes(family.Descriptor.Name));
        return [.. _where.Length == 0 ? passing : passing.Select(family => new FilteredFamily(family, Passes))];
    }

    private bool Passes(string name) =>
        (_include.Length == 0 || Array.Exists(_include, pattern => pattern.IsMatch(name))) && !Array.Exists(_exclude, pattern => pattern.IsMatch(name));

    private bool Passes(Series series)
    {
        foreach (var (label, value) in _where)
        {
            var found = false;
            for (var i = 0; i < series.LabelCount && !found; i++)
            {
                var pair = series.GetLabel(i);
                found = pair.Key == label && value.IsMatch(pair.Value);
            }

            if (!found) return false;
        }

        return true;
    }

    private static Regex Pattern(string text) => new(
        "^" + Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);

    /// <summary>Shows some of the series of a family.</summary>
    private sealed class FilteredFamily(MetricFamilyReader family, Func<Series, bool> passes) : MetricFamilyReader
    {
        public override MetricDescriptor Descriptor => family.Descriptor;

        public override int Read(int start, MetricVisitor visitor) => family.Read(start, new FilteringVisitor(visitor, passes));
    }

    private sealed class FilteringVisitor(MetricVisitor visitor, Func<Series, bool> passes) : MetricVisitor
    {
        public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar) =>
            !passes(series) || visitor.VisitNumber(series, value, exemplar);

        public override bool VisitHistogram(Series series, in HistogramView histogram) =>
            !passes(series) || visitor.VisitHistogram(series, histogram);

        public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram) =>
            !passes(series) || visitor.VisitExponentialHistogram(series, histogram);

        public override bool VisitSummary(Series series, in SummaryView summary) =>
            !passes(series) || visitor.VisitSummary(series, summary);
    }
}
