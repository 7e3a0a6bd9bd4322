using System.Diagnostics;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>One way to write the trace context into headers and to read it from them. Thread-safe; never throws for what others sent.</summary>
internal abstract class ContextFormat
{
    /// <summary>The name in <c>OTEL_PROPAGATORS</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The headers it writes.</summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>Writes the context of a span.</summary>
    public abstract void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter);

    /// <summary>Reads a context, in the form of W3C's <c>traceparent</c>.</summary>
    /// <returns>Whether there is a well-formed one.</returns>
    public virtual bool TryExtract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceParent, out string? traceState)
    {
        traceParent = traceState = null;
        return false;
    }

    /// <summary>Reads baggage, the last item first, as .NET wants it; null where the format has none.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter) => null;

    /// <summary>Counts what others sent and cannot be continued, or what cannot be sent on: <c>malformed</c>, <c>limit</c>.</summary>
    protected void CountLoss(string reason) => TelemetryLosses.Count("traces", Name, reason);
}
