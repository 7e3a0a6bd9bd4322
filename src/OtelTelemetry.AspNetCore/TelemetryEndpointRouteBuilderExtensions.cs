using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry;
using OtelTelemetry.AspNetCore;
using OtelTelemetry.Exporters.Prometheus;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the telemetry's endpoints to a web application.</summary>
public static class TelemetryEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the Prometheus endpoint (<c>/metrics</c>, setting <c>Telemetry:Prometheus:Path</c>), which is left out of the application's own
    /// request metrics and traces. Maps nothing where telemetry, metrics or Prometheus are disabled, or have a port of their own.
    /// </summary>
    /// <param name="endpoints">The application, or a group of its routes.</param>
    /// <returns>For conventions such as <c>RequireAuthorization</c> or <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPepperTelemetry</c> was not called.</exception>
    public static IEndpointConventionBuilder MapPepperTelemetry(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = endpoints.ServiceProvider.GetService<TelemetryOptions>()
            ?? throw new InvalidOperationException("There is no telemetry to map endpoints for. Call builder.AddPepperTelemetry() before the application is built.");
        if (!options.Enabled || !options.Metrics.Enabled || !options.Prometheus.Enabled || options.Prometheus.Port is not null)
        {
            // An empty group: conventions can be chained and apply to nothing.
            return endpoints.MapGroup("");
        }

        // One delegate of the plain form: no binding, no filters, nothing to generate for ahead-of-time compilation.
        var handler = endpoints.ServiceProvider.GetRequiredService<PrometheusScrapeHandler>();
        return endpoints
            .MapMethods(options.Prometheus.Path, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context => PrometheusEndpoint.AnswerAsync(context, handler)))
            .WithDisplayName("Prometheus metrics")
            .DisableHttpMetrics();
    }
}
