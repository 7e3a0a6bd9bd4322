using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>B3 in several headers: <c>X-B3-TraceId</c>, <c>X-B3-SpanId</c>, <c>X-B3-Sampled</c>, <c>X-B3-Flags</c> (1 is debug, which implies sampled).</summary>
internal sealed class B3MultiFormat : ContextFormat
{
    private const string TraceId = "X-B3-TraceId";
    private const string SpanId = "X-B3-SpanId";
    private const string Sampled = "X-B3-Sampled";
    private const string Flags = "X-B3-Flags";

    public override IReadOnlyList<string> Fields { get; } = [TraceId, SpanId, Sampled, Flags];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C) return;
        setter(carrier, TraceId, activity.TraceId.ToHexString());
        setter(carrier, SpanId, activity.SpanId.ToHexString());
        setter(carrier, Sampled, B3Ids.IsRecorded(activity) ? "1" : "0");
    }

    public override bool TryExtract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceParent, out string? traceState)
    {
        traceParent = traceState = null;
        if (Header(carrier, getter, TraceId) is not { } traceId || Header(carrier, getter, SpanId) is not { } spanId) return false;
        var debug = Header(carrier, getter, Flags) == "1";
        if ((debug ? true : B3Ids.IsSampled(Header(carrier, getter, Sampled))) is not { } sampled) return false;
        traceParent = B3Ids.ToTraceParent(traceId.AsSpan().Trim(), spanId.AsSpan().Trim(), sampled);
        return traceParent is not null;
    }
}
