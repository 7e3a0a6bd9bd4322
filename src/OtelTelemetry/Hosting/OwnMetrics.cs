using OtelTelemetry.Metrics;

namespace OtelTelemetry.Hosting;

/// <summary>The metrics that are ours: those of the application's registry, and those of the process-wide one.</summary>
internal sealed class OwnMetrics
{
    public OwnMetrics(MetricsRegistry registry) =>
        Registries = ReferenceEquals(registry, MetricsRegistry.Default) ? [registry] : [registry, MetricsRegistry.Default];

    public MetricsRegistry[] Registries { get; }

    public bool Owns(string meterName, string instrumentName) => Find(meterName, instrumentName) is not null;

    public MetricInstrument? Find(string meterName, string instrumentName)
    {
        foreach (var registry in Registries)
        {
            if (registry.Find(meterName, instrumentName) is { } metric) return metric;
        }

        return null;
    }
}
