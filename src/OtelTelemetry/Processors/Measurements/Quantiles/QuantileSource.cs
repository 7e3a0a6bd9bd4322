using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Quantiles;

/// <summary>The summaries that rules ask for, in the read model. Thread-safe.</summary>
internal sealed class QuantileSource : IMetricSource
{
    private readonly Lock _gate = new();
    private QuantileFamily[] _families = [];

    public void Add(QuantileFamily family)
    {
        lock (_gate) _families = [.. _families, family];
    }

    public void Remove(QuantileFamily family)
    {
        lock (_gate) _families = [.. _families.Where(other => !ReferenceEquals(other, family))];
    }

    public void Collect(MetricCollection collection)
    {
        foreach (var family in Volatile.Read(ref _families)) collection.Add(family);
    }
}
