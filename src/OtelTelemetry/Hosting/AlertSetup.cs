using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Notification;
using OtelTelemetry.Alerts.State;
using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Hosting;

/// <summary>Makes the alerts of one application.</summary>
internal static class AlertSetup
{
    public static AlertEngine CreateEngine(IServiceProvider services)
    {
        var options = services.GetRequiredService<TelemetrySettings>().Options;
        options.Alerts.Labels.TryAdd("service", options.ServiceName!);
        return new AlertEngine(options.Alerts, () => services.GetRequiredService<MetricReadModel>().Collect(), Clock(services), options is { Enabled: true, Metrics.Enabled: true });
    }

    /// <summary>Makes the handlers, and begins.</summary>
    public static void Start(AlertEngine engine, IServiceProvider services, TelemetryOptions options)
    {
        if (!options.Alerts.Enabled || !options.Metrics.Enabled) return;
        var delivery = services.GetRequiredService<DeliveryMonitor>();
        var routes = new List<AlertRoute>();
        foreach (var (name, handler) in options.Alerts.Handlers)
        {
            var context = new AlertHandlerContext(name, services)
            {
                ServiceName = options.ServiceName!,
                TimeProvider = Clock(services),
                Delivery = delivery,
                Destination = handler.Delivery,
            };
            routes.Add(engine.RouteTo(name, handler, handler.Create(context)));
        }

        services.GetRequiredService<LiveAlerts>();
        engine.Start(routes, services.GetService<IAlertStateStore>());
    }

    private static TimeProvider Clock(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;
}
