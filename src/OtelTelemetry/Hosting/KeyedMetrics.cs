using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Hosting;

/// <summary>The metrics of the application's collector as keyed services: the key is the metric's name.</summary>
internal static class KeyedMetrics
{
    public static void Add(IServiceCollection services)
    {
        Add(services, (metrics, name) => metrics.GetCounter(name));
        Add(services, (metrics, name) => metrics.GetGauge(name));
        Add(services, (metrics, name) => metrics.GetHistogram(name));
        Add(services, (metrics, name) => metrics.GetSummary(name));
    }

    // Transient: the collector holds the metrics, and one that is made after a first, failed try is found then.
    private static void Add<TMetric>(IServiceCollection services, Func<MetricsCollector, string, TMetric> get)
        where TMetric : MetricInstrument =>
        services.TryAddKeyedTransient(KeyedService.AnyKey, (provider, key) => get(provider.GetRequiredService<MetricsCollector>(), NameOf<TMetric>(key)));

    private static string NameOf<TMetric>(object? key) => key as string ?? throw new MetricLookupException(
        key?.ToString() ?? "",
        $"A {typeof(TMetric).Name} is asked for by the key '{key}', which is a {key?.GetType().Name ?? "null"}. The key is the metric's name: [FromKeyedServices(\"requests_total\")].");
}
