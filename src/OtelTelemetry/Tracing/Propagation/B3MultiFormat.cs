using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>B3 in several headers: <c>X-B3-TraceId</c>, <c>X-B3-SpanId</c>, <c>X-B3-Sampled</c>, <c>X-B3-Flags</c> (1 is debug, which implies sampled).</summary>
internal sealed class B3MultiFormat : ContextFormat
{
    private const string TraceId = "X-B3-TraceId";
    private const string SpanId = "X-B3-SpanId";
    private const string Sampled = "X-B3-Sampled";
    private const string Flags = "X-B3-Flags";

    public override string Name => "b3multi";

    public override IReadOnlyList<string> Fields { get; } = [TraceId, SpanId, Sampled, Flags];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C) return;
        setter(carrier, TraceId, activity.TraceId.ToHexString());
        setter(carrier, SpanId, activity.SpanId.ToHexString());

        // Debug implies an accept decision, so the other header is left out (B3, "Debug Flag").
        if (B3Ids.IsDebug(activity)) setter(carrier, Flags, "1");
        else setter(carrier, Sampled, B3Ids.IsRecorded(activity) ? "1" : "0");
    }

    public override bool TryExtract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceParent, out string? traceState)
    {
        traceParent = traceState = null;

        // A decision without ids names no parent.
        if (Headers.Single(carrier, getter, TraceId) is not { } traceId || Headers.Single(carrier, getter, SpanId) is not { } spanId) return false;
        var debug = Headers.Trim(Headers.Single(carrier, getter, Flags)) is "1";
        var sampled = debug ? true : B3Ids.IsSampled(Headers.Trim(Headers.Single(carrier, getter, Sampled)));
        if (sampled is { } decided) traceParent = B3Ids.ToTraceParent(Headers.Trim(traceId), Headers.Trim(spanId), decided);
        if (traceParent is null)
        {
            CountLoss("malformed");
            return false;
        }

        if (debug) traceState = B3Ids.DebugState;
        return true;
    }
}
