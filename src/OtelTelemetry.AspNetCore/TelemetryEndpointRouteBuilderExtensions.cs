using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry;
using OtelTelemetry.AspNetCore;
using OtelTelemetry.AspNetCore.Health;
using OtelTelemetry.Exporters.Prometheus;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the telemetry's endpoints to a web application.</summary>
public static class TelemetryEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the Prometheus endpoint (<c>/metrics</c>, setting <c>Telemetry:Prometheus:Path</c>) and those of health (<c>/health</c>, <c>/ready</c>
    /// and <c>/health/</c>group, settings in <c>Telemetry:Health</c>), which are left out of the application's own request metrics and traces.
    /// The metrics are not mapped where telemetry, metrics or Prometheus are disabled, or have a port of their own; health is, unless
    /// <c>Telemetry:Health:Enabled</c> is false. Where the application has an endpoint of its own at a path of health, that one answers.
    /// </summary>
    /// <param name="endpoints">The application, or a group of its routes.</param>
    /// <returns>For conventions such as <c>RequireAuthorization</c> or <c>RequireHost</c>, which apply to all of them. With
    /// <see cref="MapPepperHealth"/> health has conventions of its own.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPepperTelemetry</c> was not called.</exception>
    /// <exception cref="TelemetryConfigurationException">The settings of health do not fit the application.</exception>
    public static IEndpointConventionBuilder MapPepperTelemetry(this IEndpointRouteBuilder endpoints)
    {
        var options = OptionsOf(endpoints);

        // A group even where it stays empty: conventions can be chained and apply to what there is.
        var group = endpoints.MapGroup("");
        if (options is { Enabled: true, Metrics.Enabled: true, Prometheus: { Enabled: true, Port: null } })
        {
            // One delegate of the plain form: no binding, no filters, nothing to generate for ahead-of-time compilation.
            var handler = endpoints.ServiceProvider.GetRequiredService<PrometheusScrapeHandler>();
            group
                .MapMethods(options.Prometheus.Path, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context => PrometheusEndpoint.AnswerAsync(context, handler)))
                .WithDisplayName("Prometheus metrics")
                .DisableHttpMetrics();
        }

        if (options.Health.Enabled) HealthEndpoints.Map(group, options, yields: true);
        return group;
    }

    /// <summary>Maps the endpoints of health alone, as <see cref="MapPepperTelemetry"/> does, which may be called as well: these then have
    /// their way. Maps nothing where <c>Telemetry:Health:Enabled</c> is false.</summary>
    /// <param name="endpoints">The application, or a group of its routes.</param>
    /// <returns>For conventions such as <c>AllowAnonymous</c> or <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPepperTelemetry</c> was not called.</exception>
    /// <exception cref="TelemetryConfigurationException">The settings of health do not fit the application.</exception>
    public static IEndpointConventionBuilder MapPepperHealth(this IEndpointRouteBuilder endpoints)
    {
        var options = OptionsOf(endpoints);
        var group = endpoints.MapGroup("");
        if (options.Health.Enabled) HealthEndpoints.Map(group, options, yields: false);
        return group;
    }

    private static TelemetryOptions OptionsOf(IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.ServiceProvider.GetService<TelemetryOptions>()
            ?? throw new InvalidOperationException("There is no telemetry to map endpoints for. Call builder.AddPepperTelemetry() before the application is built.");
    }
}
