using OtelTelemetry;
using OtelTelemetry.Health;
using OtelTelemetry.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks.</summary>
public static class HealthCheckBuilderExtensions
{
    /// <summary>Adds a health check that runs in the background. Checks registered with <c>AddHealthChecks()</c> run so without it;
    /// <see cref="RegisteredHealthCheckOptions"/> under their name sets how.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    /// <param name="name">Its name. Settings in <c>Telemetry:Health:Checks</c> under the same name are replaced.</param>
    /// <param name="options">Its settings, which make it; what is wrong with them is reported at the start.</param>
    public static TelemetryBuilder AddHealthCheck(this TelemetryBuilder builder, string name, TelemetryHealthCheckOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        TelemetryRegistration.GetOrAdd(builder.Services).Add(all => all.Health.Checks[name] = options);
        return builder;
    }
}
