using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>Stands before everything that answers a request, where requests are logged or measured; otherwise it leaves the pipeline as it is.</summary>
internal sealed class RequestObserverFilter(TelemetryOptions options, IServiceProvider services) : IStartupFilter
{
    /// <summary>Adds it to an application, once.</summary>
    public static void AddTo(TelemetryBuilder builder)
    {
        if (builder.Services.Any(service => service.ImplementationType == typeof(RequestObserverFilter))) return;

        // First of all filters, so that it sees what the others answer themselves.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, RequestObserverFilter>());
        builder.WithMetrics(metrics => metrics.AddMeter(BodySizeMetrics.MeterName));
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next)
    {
        if (!options.Enabled) return next;
        var log = options.Requests.Logging.Enabled ? CreateLog() : null;
        var sizes = options is { Requests.BodySizes: true, Metrics.Enabled: true } ? new BodySizeMetrics(services.GetRequiredService<IMeterFactory>()) : null;
        if (log is null && sizes is null) return next;

        var observer = new RequestObserver(log, sizes, services.GetService<TimeProvider>() ?? TimeProvider.System);
        return builder =>
        {
            builder.Use(following => context => observer.Observe(context, following));
            next(builder);
        };
    }

    private RequestLog CreateLog() => new(
        services.GetRequiredService<ILoggerFactory>().CreateLogger(RequestLog.Category),
        options.Requests.Logging,
        new ExcludedPaths(options, options.Requests.Logging.ExcludedPaths));
}
