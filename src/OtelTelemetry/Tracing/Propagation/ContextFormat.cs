using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>One way to write the trace context into headers and to read it from them. Thread-safe; never throws for what others sent.</summary>
internal abstract class ContextFormat
{
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

    /// <summary>Reads baggage; null where the format has none.</summary>
    public virtual IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter) => null;

    /// <summary>The first value of a header, or null.</summary>
    protected static string? Header(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, string name)
    {
        getter(carrier, name, out var value, out var values);
        return value ?? values?.FirstOrDefault();
    }
}
