using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtelTelemetry.Configuration;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Hosting;

/// <summary>The services an application can ask for, whether telemetry is on or off. Each is made when it is first asked for.</summary>
internal static class TelemetryServices
{
    public static void AddFacade(IServiceCollection services, TelemetryRegistration registration)
    {
        services.AddOptions();
        services.TryAddSingleton(_ => TelemetryRegistration.EnvironmentConfiguration());
        services.TryAddSingleton(registration.CreateSettings);
        services.TryAddSingleton(provider => provider.GetRequiredService<TelemetrySettings>().Options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MetricsRegistry>();
        services.TryAddSingleton<OwnMetrics>();
        services.TryAddSingleton(CreateCollector);
        services.TryAddSingleton(CreateReadModel);
        services.TryAddSingleton<TelemetryManager>();
    }

    private static MetricsCollector CreateCollector(IServiceProvider services)
    {
        var metrics = services.GetRequiredService<TelemetryOptions>().Metrics;
        return new MetricsCollector(new MetricsCollectorOptions
        {
            Namespace = metrics.Namespace,
            ConstantLabels = new Dictionary<string, string>(metrics.Labels),
            MaxSeriesPerMetric = metrics.MaxSeriesPerMetric,
            Registry = services.GetRequiredService<MetricsRegistry>(),
            TimeProvider = services.GetRequiredService<TimeProvider>(),
        });
    }

    private static MetricReadModel CreateReadModel(IServiceProvider services) =>
        new([.. services.GetRequiredService<OwnMetrics>().Registries]);
}
