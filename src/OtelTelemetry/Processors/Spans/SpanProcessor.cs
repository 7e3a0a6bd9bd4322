using System.Diagnostics;

namespace OtelTelemetry.Processors.Spans;

/// <summary>
/// Changes spans, or drops them, when they have ended and before anything exports them. Derive from it for a processor of your own and add
/// it with <see cref="TelemetryBuilder.AddSpanProcessor(Func{SpanProcessorContext, SpanProcessor})"/>. Called by many threads at once, where the application ends a span: be quick and never block.
/// </summary>
public abstract class SpanProcessor
{
    /// <summary>Looks at a span that has ended, and changes it where it wants to. An exception drops the span, since nobody knows what was left
    /// undone, and is reported.</summary>
    /// <param name="span">The span; only sampled ones are shown.</param>
    /// <returns>Whether the span goes on; false drops it.</returns>
    public abstract bool Process(Activity span);
}
