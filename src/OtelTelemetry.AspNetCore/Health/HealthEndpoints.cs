using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Configuration;
using OtelTelemetry.Health;

namespace OtelTelemetry.AspNetCore.Health;

/// <summary>Maps the endpoints of health.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps liveness, readiness and the groups.</summary>
    /// <param name="group">Where to.</param>
    /// <param name="options">The settings.</param>
    /// <param name="yields">Whether endpoints of the application with the same paths have their way.</param>
    public static void Map(RouteGroupBuilder group, TelemetryOptions options, bool yields)
    {
        var services = ((IEndpointRouteBuilder)group).ServiceProvider;
        var health = options.Health;
        var monitor = services.GetRequiredService<HealthMonitor>();
        var access = new HealthDetailsAccess(services.GetRequiredService<TelemetrySettings>(), services.GetServices<HealthDetailsRule>(), services);
        var hasPolicy = services.GetServices<MatcherPolicy>().OfType<YieldingEndpointPolicy>().Any();
        if (!options.Enabled) RunWithApplication(services, monitor);

        var live = health.LivenessPath.TrimEnd('/');
        Add(live.Length == 0 ? "/" : live, "Liveness", context => HealthEndpoint.AnswerAsync(context, monitor, health, access, HealthMonitor.LiveGroup));
        Add(health.ReadinessPath, "Readiness", context => HealthEndpoint.AnswerAsync(context, monitor, health, access, HealthMonitor.ReadyGroup));
        Add(live + "/{group}", "Health of a group", context => HealthEndpoint.AnswerAsync(context, monitor, health, access, (string)context.Request.RouteValues["group"]!));

        void Add(string path, string name, RequestDelegate answer)
        {
            // Delegates of the plain form: no binding, nothing to generate for ahead-of-time compilation.
            var endpoint = group.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], answer).WithDisplayName(name).DisableHttpMetrics();
            if (!yields) return;
            endpoint.WithMetadata(YieldingEndpointPolicy.Yields.Instance);

            // Without AddServerSpans there is no policy; then every route of the application that fits comes first.
            if (!hasPolicy) endpoint.WithOrder(1);
        }
    }

    /// <summary>Without telemetry nobody else starts the checks; probes must find them all the same.</summary>
    private static void RunWithApplication(IServiceProvider services, HealthMonitor monitor)
    {
        if (services.GetService<IHostApplicationLifetime>() is not { } lifetime) return;
        lifetime.ApplicationStarted.Register(monitor.Start);
        lifetime.ApplicationStopping.Register(() => _ = monitor.StopAsync());
    }
}
