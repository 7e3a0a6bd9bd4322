using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;
using OtelTelemetry.Testing;
using OtelTelemetry.Testing.Internal;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets a capture have the telemetry of an application under test.</summary>
public static class TelemetryCaptureServiceCollectionExtensions
{
    /// <summary>Puts a capture's registry, meter factory and log provider in the place of the application's own, and brings the requests it
    /// answers into the capture. Call it after the
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
        var before = services.LastOrDefault(service => service.ServiceType == typeof(DistributedContextPropagator));
        services.AddSingleton<DistributedContextPropagator>(provider => new ScopePropagator(
            (before?.ImplementationInstance ?? before?.ImplementationFactory?.Invoke(provider)) as DistributedContextPropagator ?? DistributedContextPropagator.Current, capture.Scope));
        services.AddLogging(logging => logging.AddProvider(capture.LoggerProvider));
        return services;
    }
}
