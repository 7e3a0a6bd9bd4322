using OtelTelemetry.Delivery;

namespace OtelTelemetry.Logging.Sinks;

/// <summary>What a log sink may need to be made. Immutable.</summary>
/// <param name="name">The name the configuration gives the sink: there may be several of one type.</param>
/// <param name="services">The application's services.</param>
/// <param name="resource">What the logs say about where they come from.</param>
/// <param name="timeProvider">The clock.</param>
public sealed class LogSinkContext(string name, IServiceProvider services, IReadOnlyDictionary<string, object> resource, TimeProvider timeProvider)
{
    /// <summary>The name the configuration gives the sink: there may be several of one type.</summary>
    public string Name { get; } = name;

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The resource attributes of the logs, such as <c>service.name</c>.</summary>
    public IReadOnlyDictionary<string, object> Resource { get; } = resource;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; } = timeProvider;

    /// <summary>Delivers what leaves over HTTP; null where there is none.</summary>
    internal DeliveryMonitor? Delivery { get; init; }
}
