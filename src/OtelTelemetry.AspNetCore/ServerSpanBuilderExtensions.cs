using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace OtelTelemetry.AspNetCore;

/// <summary>Adds the completion of server spans to the tracer provider.</summary>
internal static class ServerSpanBuilderExtensions
{
    public static void AddServerSpans(this TelemetryBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(Registered))) return;
        builder.Services.AddSingleton<Registered>();
        builder.WithTracing(traces => ((IDeferredTracerProviderBuilder)traces).Configure((services, deferred) =>
        {
            var options = services.GetRequiredService<TelemetryOptions>();
            if (!options.Enabled || !options.Traces.Enabled || services.GetService<DiagnosticListener>() is not { } listener) return;

            // The provider owns the subscription, which ends with it.
            deferred.AddInstrumentation(() => new ServerSpanSubscription(listener, new ExcludedPaths(options)));
        }));
    }

    private sealed class Registered;
}
