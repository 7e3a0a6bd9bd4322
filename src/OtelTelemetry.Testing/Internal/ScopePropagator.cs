using System.Diagnostics;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Brings the requests of an application under test into the scope of its capture: a server asks for the trace context in the flow
/// of each request, before the first span. A test server's requests carry neither the test's flow nor, without its handler, a trace context.</summary>
internal sealed class ScopePropagator(DistributedContextPropagator inner, CaptureScope scope) : DistributedContextPropagator
{
    public override IReadOnlyCollection<string> Fields => inner.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => inner.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        scope.Enter();
        inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => inner.ExtractBaggage(carrier, getter);
}
