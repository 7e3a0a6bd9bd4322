using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the telemetry's endpoints to a web application.</summary>
public static class TelemetryEndpointRouteBuilderExtensions
{
    /// <summary>Maps the Prometheus endpoint.</summary>
    /// <param name="endpoints">The application, or a group of its routes.</param>
    public static IEndpointConventionBuilder MapPepperTelemetry(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return endpoints.MapGroup("");
    }
}
