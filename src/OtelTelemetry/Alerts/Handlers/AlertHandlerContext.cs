using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters;

namespace OtelTelemetry.Alerts.Handlers;

/// <summary>What an alert handler may need to be made.</summary>
public sealed class AlertHandlerContext
{
    /// <summary>Makes a context.</summary>
    /// <param name="name">The name the configuration gives the handler: there may be several of one type.</param>
    /// <param name="services">The application's services.</param>
    public AlertHandlerContext(string name, IServiceProvider services)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(services);
        Name = name;
        Services = services;
    }

    /// <summary>The name the configuration gives the handler: there may be several of one type.</summary>
    public string Name { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The name of the service. Default: empty.</summary>
    public string ServiceName { get; init; } = "";

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Delivers what leaves; null where handlers send directly.</summary>
    internal DeliveryMonitor? Delivery { get; init; }

    /// <summary>How what the handler sends is delivered.</summary>
    internal DestinationOptions Destination { get; init; } = new();

    /// <summary>Whether it is delivered in the background.</summary>
    internal bool IsDelivered => Delivery is { } delivery && DeliveryOptionsOver(delivery).Enabled;

    /// <summary>What the handler is called in metrics and messages.</summary>
    internal string Component => ComponentOf(Name);

    /// <summary>Makes the client for what leaves over HTTP: requests with a body are delivered in the background, in their order, and repeated as long as that makes sense
    /// (<see cref="AlertHandlerOptions.Delivery"/>). Whoever makes it owns it.</summary>
    public HttpClient CreateHttpClient() => CreateHttpClient(null);

    /// <summary>The same, with another longest wait where none is set.</summary>
    internal HttpClient CreateHttpClient(TimeSpan? maxAge) => Delivery?.CreateHttpClient(Component, "alerts", DeliveryOptionsOver(Delivery, maxAge)) ?? new HttpClient();

    internal DeliveryOptions DeliveryOptionsOver(DeliveryMonitor delivery, TimeSpan? maxAge = null)
    {
        var own = Destination.Over(delivery.Options);
        // What ended must not be told before what began.
        // And receivers of alerts do not all know gzip.
        return own with { Order = Destination.Order ?? DeliveryOrder.InOrder, MaxAge = Destination.MaxAge ?? maxAge ?? own.MaxAge, Gzip = Destination.Gzip ?? false };
    }

    internal static string ComponentOf(string name) => "alerts_" + ExporterSetup.NameOf(name);
}
