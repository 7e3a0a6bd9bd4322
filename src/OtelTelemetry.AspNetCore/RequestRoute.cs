using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace OtelTelemetry.AspNetCore;

/// <summary>The template that matched a request.</summary>
internal static class RequestRoute
{
    /// <summary>The template; null where none matched. After an exception handler ran, the request's first endpoint is in its feature only.</summary>
    public static string? Of(HttpContext context, IExceptionHandlerFeature? failure)
    {
        var endpoint = failure?.Endpoint ?? context.GetEndpoint();
        return endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route ?? (endpoint as RouteEndpoint)?.RoutePattern.RawText;
    }
}
