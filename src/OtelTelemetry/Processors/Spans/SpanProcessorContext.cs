namespace OtelTelemetry.Processors.Spans;

/// <summary>What a span processor may need to be made. Immutable.</summary>
/// <param name="services">The application's services.</param>
/// <param name="resource">What the traces say about where they come from.</param>
/// <param name="timeProvider">The clock.</param>
public sealed class SpanProcessorContext(IServiceProvider services, IReadOnlyDictionary<string, object> resource, TimeProvider timeProvider)
{
    /// <summary>The application's services.</summary>
    public IServiceProvider Services => services;

    /// <summary>The resource attributes of the traces, such as <c>service.name</c>.</summary>
    public IReadOnlyDictionary<string, object> Resource => resource;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider => timeProvider;
}
