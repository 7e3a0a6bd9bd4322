using OtelTelemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds telemetry to a host.</summary>
public static class TelemetryHostApplicationBuilderExtensions
{
    /// <summary>Adds metrics, traces and logs to the application. Further calls add their settings to the first.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="configure">Sets options; beats <c>OTEL_*</c> variables and section <c>Telemetry</c>. May be called more than once.</param>
    public static TelemetryBuilder AddPepperTelemetry(this IHostApplicationBuilder builder, Action<TelemetryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return TelemetryBuilder.Create(builder.Services, builder.Configuration, configure);
    }
}
