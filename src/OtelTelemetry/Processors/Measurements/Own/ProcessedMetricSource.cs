using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Own;

/// <summary>Our own metrics as rules show them.</summary>
internal sealed class ProcessedMetricSource(IReadOnlyList<IMetricSource> registries, OwnMetricProcessing processing) : IMetricSource
{
    public void Collect(MetricCollection collection)
    {
        var first = collection.Families.Count;
        foreach (var registry in registries) registry.Collect(collection);
        Dictionary<MergedFamily, MergedFamilyReader>? open = null;
        collection.ReplaceFrom(first, family => family is MetricInstrument metric ? processing.Replace(metric, ref open) : family);
    }
}
