using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds telemetry to a web application.</summary>
public static class TelemetryWebApplicationBuilderExtensions
{
    /// <summary>Adds metrics, traces and logs to the application, with complete server spans. Further calls add their settings to the first.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="configure">Sets options; beats <c>OTEL_*</c> variables and section <c>Telemetry</c>. May be called more than once.</param>
    public static TelemetryBuilder AddPepperTelemetry(this WebApplicationBuilder builder, Action<TelemetryOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return ((IHostApplicationBuilder)builder).AddPepperTelemetry(configure).AddServerSpans();
    }
}
