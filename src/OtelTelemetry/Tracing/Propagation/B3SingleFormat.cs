using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>B3 in one header: <c>b3: {trace id}-{span id}-{sampling state}-{parent span id}</c>, the last two optional.</summary>
internal sealed class B3SingleFormat : ContextFormat
{
    private const string Header = "b3";

    public override string Name => "b3";

    public override IReadOnlyList<string> Fields { get; } = [Header];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C) return;
        var state = B3Ids.IsDebug(activity) ? 'd' : B3Ids.IsRecorded(activity) ? '1' : '0';
        setter(carrier, Header, string.Create(null, stackalloc char[64], $"{activity.TraceId.ToHexString()}-{activity.SpanId.ToHexString()}-{state}"));
    }

    public override bool TryExtract(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter, out string? traceParent, out string? traceState)
    {
        traceParent = traceState = null;
        if (Headers.Single(carrier, getter, Header) is not { } header) return false;
        var text = Headers.Trim(header);

        // A decision without ids ("Single Header": deny, accept, debug) names no parent.
        if (text is "0" or "1" or "d") return false;
        traceParent = Parse(text, out var debug);
        if (debug) traceState = B3Ids.DebugState;
        if (traceParent is not null) return true;
        CountLoss("malformed");
        return false;
    }

    private static string? Parse(ReadOnlySpan<char> text, out bool debug)
    {
        debug = false;
        Span<Range> parts = stackalloc Range[5];
        var count = text.Split(parts, '-');
        if (count is < 2 or > 4) return null;
        if (count == 4 && (text[parts[3]].Length != 16 || !B3Ids.IsId(text[parts[3]]))) return null;
        var state = count > 2 ? text[parts[2]] : "";
        if ((count > 2 && state.Length == 0) || B3Ids.IsSampled(state) is not { } sampled) return null;
        var parent = B3Ids.ToTraceParent(text[parts[0]], text[parts[1]], sampled);
        debug = parent is not null && B3Ids.IsDebug(state);
        return parent;
    }
}
