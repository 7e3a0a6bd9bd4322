using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>W3C Trace Context: headers <c>traceparent</c> and <c>tracestate</c>.</summary>
internal sealed class TraceContextFormat : ContextFormat
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    public override IReadOnlyList<string> Fields { get; } = [Parent, State];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C || activity.Id is not { } id) return;
        setter(carrier, Parent, id);
        if (activity.TraceStateString is { Length: > 0 } state) setter(carrier, State, state);
    }

    public override bool TryExtract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceParent, out string? traceState)
    {
        traceState = null;
        traceParent = Header(carrier, getter, Parent);
        if (traceParent is null || !ActivityContext.TryParse(traceParent, null, out _))
        {
            traceParent = null;
            return false;
        }

        traceState = Header(carrier, getter, State);
        return true;
    }
}
