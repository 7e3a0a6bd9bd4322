using System.Diagnostics;

namespace OtelTelemetry.Tracing;

/// <summary>
/// What a span continues: a trace context and the baggage that came with it, from this process (<see cref="SpanScope"/>), from elsewhere
/// (<c>Extract</c>), or none. The default value stands for the span that is current. Immutable.
/// </summary>
public readonly struct ParentContext
{
    private readonly Activity? _activity;
    private readonly IReadOnlyList<KeyValuePair<string, string?>>? _baggage;

    /// <summary>The context of a span, usually of another process.</summary>
    /// <param name="trace">The span's context. An invalid one names no parent: the span begins a new trace.</param>
    /// <param name="baggage">The baggage that came with it, or null.</param>
    /// <param name="requestId">The request id of a service mesh that came with it, or null.</param>
    public ParentContext(ActivityContext trace, IReadOnlyList<KeyValuePair<string, string?>>? baggage = null, string? requestId = null)
    {
        Trace = trace;
        _baggage = baggage;
        RequestId = requestId;
        HasParent = trace.TraceId != default && trace.SpanId != default;
        IsRoot = !HasParent;
    }

    private ParentContext(Activity activity)
    {
        _activity = activity;
        Trace = activity.Context;
        HasParent = true;
    }

    /// <summary>No parent: the span begins a new trace, whatever is current.</summary>
    public static ParentContext None { get; } = new(default(ActivityContext));

    /// <summary>The parent's trace context; the default where there is none.</summary>
    public ActivityContext Trace { get; }

    /// <summary>The request id of a service mesh, where the propagation reads one (<c>Telemetry:Traces:ForwardRequestId</c>); else null.</summary>
    public string? RequestId { get; }

    /// <summary>Whether there is a parent to continue.</summary>
    public bool HasParent { get; }

    /// <summary>The baggage that comes with the parent.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Baggage => _activity?.Baggage ?? _baggage ?? [];

    /// <summary>Whether a new trace begins.</summary>
    internal bool IsRoot { get; }

    /// <summary>Whether the parent is what a span would continue anyway, its baggage included.</summary>
    internal bool IsCurrent => _activity is null ? !HasParent && !IsRoot : ReferenceEquals(_activity, Activity.Current);

    /// <summary>A span of this process. One that is not recorded, so that there is nothing to continue, stands for the current one.</summary>
    public static implicit operator ParentContext(SpanScope span) => span.Activity is { IdFormat: ActivityIdFormat.W3C } activity ? new(activity) : default;

    /// <summary>The context of a span without baggage.</summary>
    public static implicit operator ParentContext(ActivityContext trace) => new(trace);

    /// <summary>The same as the conversion, for languages without it.</summary>
    public static ParentContext FromSpanScope(SpanScope span) => span;

    /// <summary>The same as the conversion, for languages without it.</summary>
    public static ParentContext FromActivityContext(ActivityContext trace) => trace;

    /// <summary>Gives a span that was started with <see cref="Trace"/> what else came with the parent.</summary>
    internal void HandOverTo(Activity span)
    {
        if (_activity is not null)
        {
            // The nearest item of a name is enumerated first, and the one that is added last is found first.
            foreach (var (name, value) in Reversed(_activity.Baggage)) span.AddBaggage(name, value);
            return;
        }

        for (var i = (_baggage?.Count ?? 0) - 1; i >= 0; i--) span.AddBaggage(_baggage![i].Key, _baggage[i].Value);
        if (RequestId is not null) MeshRequestId.Set(span, RequestId);
    }

    private static List<KeyValuePair<string, string?>> Reversed(IEnumerable<KeyValuePair<string, string?>> baggage)
    {
        using var items = baggage.GetEnumerator();
        if (!items.MoveNext()) return [];
        var all = new List<KeyValuePair<string, string?>>();
        do all.Add(items.Current);
        while (items.MoveNext());
        all.Reverse();
        return all;
    }
}
