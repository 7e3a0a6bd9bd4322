using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Reads the series of a registry: all of them, or what they have gained since a moment.</summary>
internal sealed class RegistryCapture
{
    private readonly MetricsRegistry _registry;
    private readonly bool _isProcessWide;
    private readonly Dictionary<(string Meter, string Metric, MetricTags Labels), CapturedSeries> _before = [];

    public RegistryCapture(MetricsRegistry registry, bool isProcessWide)
    {
        _registry = registry;
        _isProcessWide = isProcessWide;
        if (!isProcessWide) return;
        foreach (var series in ReadAll()) _before[(series.MeterName, series.Metric, series.Labels)] = series;
    }

    public IEnumerable<CapturedSeries> Read()
    {
        foreach (var series in ReadAll())
        {
            if (!_before.TryGetValue((series.MeterName, series.Metric, series.Labels), out var before))
            {
                if (!_isProcessWide || series.Value != 0 || series.Count != 0) yield return series;
            }
            else if (series.Kind == CapturedKind.LastValue)
            {
                if (!series.Value.Equals(before.Value)) yield return series;
            }
            else if (!series.Value.Equals(before.Value) || series.Count != before.Count)
            {
                yield return new CapturedSeries(series.MeterName, series.Metric, series.Kind, series.Labels, series.Value - before.Value, series.Count - before.Count, _isProcessWide);
            }
        }
    }

    private IEnumerable<CapturedSeries> ReadAll()
    {
        foreach (var metric in _registry.Metrics)
        {
            var family = MetricFamilyMaterializer.Materialize(metric);
            var kind = family.Descriptor.Kind switch
            {
                MetricKind.Histogram or MetricKind.ExponentialHistogram or MetricKind.Summary => CapturedKind.Distribution,
                MetricKind.Gauge => CapturedKind.LastValue,
                _ => CapturedKind.Sum,
            };
            foreach (var sample in family.Samples)
            {
                var (value, count) = (sample.Histogram, sample.Summary) switch
                {
                    ({ } histogram, _) => (histogram.Sum, histogram.Count),
                    (_, { } summary) => (summary.Sum, summary.Count),
                    _ => (sample.Value, 0L),
                };
                yield return new CapturedSeries(family.Descriptor.Scope.Name, family.Descriptor.Name, kind, MetricTags.From(sample.Labels), value, count, _isProcessWide);
            }
        }
    }
}
