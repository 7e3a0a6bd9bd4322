using OtelTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds telemetry to a collection of services.</summary>
public static class TelemetryServiceCollectionExtensions
{
    /// <summary>Adds metrics, traces and logs to the application. Further calls add their settings to the first.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; beats <c>OTEL_*</c> variables and section <c>Telemetry</c>. May be called more than once.</param>
    public static TelemetryBuilder AddPepperTelemetry(this IServiceCollection services, Action<TelemetryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return TelemetryBuilder.Create(services, configuration: null, configure);
    }
}
