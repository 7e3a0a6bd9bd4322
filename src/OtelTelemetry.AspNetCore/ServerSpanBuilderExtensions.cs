using System.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Trace;
using OtelTelemetry;
using OtelTelemetry.AspNetCore;
using OtelTelemetry.AspNetCore.Health;
using OtelTelemetry.AspNetCore.Requests;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Completes the spans of ASP.NET Core.</summary>
public static class ServerSpanBuilderExtensions
{
    /// <summary>Gives server spans name, attributes and status, and leaves excluded paths out of traces. <c>AddPepperTelemetry</c> on a
    /// <c>WebApplicationBuilder</c> does it; applications that only have their services call this too. Further calls do nothing.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    public static TelemetryBuilder AddServerSpans(this TelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(service => service.ServiceType == typeof(Registered))) return builder;
        builder.Services.AddSingleton<Registered>();
        RequestObserverFilter.AddTo(builder);

        // Before that one, so that the record of a request is written in its detail too.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, RequestLogLevelFilter>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, YieldingEndpointPolicy>());
        builder.WithTracing(traces => ((IDeferredTracerProviderBuilder)traces).Configure((services, deferred) =>
        {
            var options = services.GetRequiredService<TelemetryOptions>();
            if (!options.Enabled || !options.Traces.Enabled || services.GetService<DiagnosticListener>() is not { } listener) return;

            if (options.Traces.Sampling.Rules.Count > 0) KnowRequestsWhenTheyAreSampled();

            // The provider owns the subscription, which ends with it.
            deferred.AddInstrumentation(() => new ServerSpanSubscription(listener, new ExcludedPaths(options), options.Traces.ForwardRequestId));
        }));
        return builder;
    }

    /// <summary>Lets ASP.NET Core set path, method and host when the span of a request starts, and not only us when it ends: rules of sampling ask for them.</summary>
    private static void KnowRequestsWhenTheyAreSampled()
    {
        const string Switch = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";
        if (!AppContext.TryGetSwitch(Switch, out _)) AppContext.SetSwitch(Switch, false);
    }

    private sealed class Registered;
}
