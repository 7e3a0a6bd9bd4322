namespace OtelTelemetry.Processors.Logs;

/// <summary>What a log processor may need to be made. Immutable.</summary>
/// <param name="services">The application's services.</param>
/// <param name="resource">What the logs say about where they come from.</param>
/// <param name="timeProvider">The clock.</param>
public sealed class LogProcessorContext(IServiceProvider services, IReadOnlyDictionary<string, object> resource, TimeProvider timeProvider)
{
    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The resource attributes of the logs, such as <c>service.name</c>.</summary>
    public IReadOnlyDictionary<string, object> Resource => resource;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Where processors that leave records out say how many.</summary>
    internal LogSummaries Summaries { get; init; } = new(services);
}
