using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters;

/// <summary>What an exporter is made with.</summary>
public sealed class ExporterContext
{
    /// <summary>Makes a context.</summary>
    /// <param name="instanceName">The name the configuration gives this exporter.</param>
    public ExporterContext(string instanceName)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceName);
        InstanceName = instanceName;
    }

    /// <summary>The name the configuration gives this exporter: there may be several of one type.</summary>
    public string InstanceName { get; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What the service says of itself: <c>service.name</c> and so on. Default: empty.</summary>
    public IReadOnlyDictionary<string, object> Resource { get; init; } = new Dictionary<string, object>();

    /// <summary>Where to log. Default: nowhere.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Delivers what fails; null where there is none. Default: null.</summary>
    public DeliveryMonitor? Delivery { get; init; }

    /// <summary>Makes the client for what leaves over HTTP. Whoever makes it owns it.</summary>
    public Func<HttpClient> CreateHttpClient { get; init; } = static () => new HttpClient();

    /// <summary>The same with another clock.</summary>
    internal ExporterContext With(TimeProvider clock) => new(InstanceName)
    {
        TimeProvider = clock,
        Resource = Resource,
        Logger = Logger,
        Delivery = Delivery,
        CreateHttpClient = CreateHttpClient,
    };
}
