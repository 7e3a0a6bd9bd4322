using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>W3C Trace Context: headers <c>traceparent</c> and <c>tracestate</c>.</summary>
internal sealed class TraceContextFormat : ContextFormat
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    public override string Name => "tracecontext";

    public override IReadOnlyList<string> Fields { get; } = [Parent, State];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C || activity.Id is not { } id) return;
        setter(carrier, Parent, id);
        if (activity.TraceStateString is not { Length: > 0 } state) return;
        if (TraceState.Normalize(state, out var problem) is { } list) setter(carrier, State, list);
        if (problem is not null) CountLoss(problem);
    }

    public override bool TryExtract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceParent, out string? traceState)
    {
        traceState = null;
        getter(carrier, Parent, out var header, out var values);
        if (header is null && values is not null) header = Headers.Single(carrier, getter, Parent) ?? (values.Any() ? "" : null);
        traceParent = TraceParent.Normalize(header);
        if (traceParent is null)
        {
            // Without a parent the state says nothing (section 3.3).
            if (header is not null) CountLoss("malformed");
            return false;
        }

        traceState = TraceState.Normalize(Headers.Combined(carrier, getter, State, TraceState.LongestRead), out var problem);
        if (problem is not null) CountLoss(problem);
        return true;
    }
}
