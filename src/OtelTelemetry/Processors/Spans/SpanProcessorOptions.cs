namespace OtelTelemetry.Processors.Spans;

/// <summary>The settings of one span processor, and how it is made: what <see cref="TelemetryTracesOptions.Processors"/> and
/// <c>Telemetry:Traces:Processors</c> put together. Derive from it for a processor of your own that has settings. Immutable.</summary>
public abstract record SpanProcessorOptions
{
    /// <summary>Makes the processor, once for an application.</summary>
    /// <param name="context">What it may need.</param>
    public abstract SpanProcessor Create(SpanProcessorContext context);

    /// <summary>What is wrong with the settings: the property, the problem, the remedy.</summary>
    internal virtual IEnumerable<(string Property, string Problem, string Remedy)> Check() => [];
}
