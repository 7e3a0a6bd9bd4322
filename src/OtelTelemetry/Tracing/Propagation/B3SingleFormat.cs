using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>B3 in one header: <c>b3: {trace id}-{span id}-{sampling state}-{parent span id}</c>, the last two optional.</summary>
internal sealed class B3SingleFormat : ContextFormat
{
    private const string Name = "b3";

    public override IReadOnlyList<string> Fields { get; } = [Name];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C) return;
        setter(carrier, Name, $"{activity.TraceId.ToHexString()}-{activity.SpanId.ToHexString()}-{(B3Ids.IsRecorded(activity) ? '1' : '0')}");
    }

    public override bool TryExtract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceParent, out string? traceState)
    {
        traceParent = traceState = null;
        if (Header(carrier, getter, Name) is not { } header) return false;
        Span<Range> parts = stackalloc Range[5];
        var text = header.AsSpan().Trim();
        var count = text.Split(parts, '-');
        if (count is < 2 or > 4) return false;
        if (B3Ids.IsSampled(count > 2 ? text[parts[2]] : "") is not { } sampled) return false;
        traceParent = B3Ids.ToTraceParent(text[parts[0]], text[parts[1]], sampled);
        return traceParent is not null;
    }
}
