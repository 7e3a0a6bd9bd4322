using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;
using OtelTelemetry.Testing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a capture have the telemetry of an application under test.</summary>
public static class TelemetryCaptureServiceCollectionExtensions
{
    /// <summary>Puts a capture's registry, meter factory and log provider in the place of the application's own. Call it after the
    /// application's services are there, such as in <c>ConfigureTestServices</c>. With <c>AddPepperTelemetry</c> the application's
    /// <see cref="MetricsCollector"/> keeps its settings.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="capture">The capture.</param>
    public static IServiceCollection AddTelemetryCapture(this IServiceCollection services, TelemetryCapture capture)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(capture);
        services.RemoveAll<MetricsRegistry>();
        services.AddSingleton(capture.Registry);
        services.RemoveAll<IMeterFactory>();
        services.AddSingleton(capture.MeterFactory);
        services.TryAddSingleton(capture.Metrics);
        services.AddLogging(logging => logging.AddProvider(capture.LoggerProvider));
        return services;
    }
}
