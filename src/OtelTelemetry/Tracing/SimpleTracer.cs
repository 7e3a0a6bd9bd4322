using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using OtelTelemetry.Tracing.Propagation;
using OtelTelemetry.Tracing.Store;

namespace OtelTelemetry.Tracing;

/// <summary>
/// Starts spans. Every span is an <see cref="Activity"/> of an <see cref="ActivitySource"/>, so everything that understands
/// those sees it, and it costs what they cost. Thread-safe.
/// </summary>
/// <remarks>A tracer's spans are exported when its name is among the sources of the trace pipeline.</remarks>
/// <example><code>
/// using var span = tracer.StartSpan("charge card");
/// span.SetAttribute("payment.amount", 12.5);
/// </code></example>
public sealed partial class SimpleTracer : IDisposable
{
    private readonly ActivitySource _source;
    private readonly bool _ownsSource;
    private readonly SpanStore? _store;
    private readonly IDisposable? _recording;

    /// <summary>Makes a tracer.</summary>
    /// <param name="name">The instrumentation scope, usually the name of the component that is traced.</param>
    /// <param name="version">Its version, or empty.</param>
    /// <param name="store">Where the ended spans are kept to be read back; it records the tracer's spans also when nobody else does.
    /// Default: null, which is the store of the telemetry that runs in this process, where it has one (<c>Telemetry:Traces:Store:Capacity</c>).</param>
    public SimpleTracer(string name, string version = "", SpanStore? store = null)
        : this(new ActivitySource(NotEmpty(name), version), store, ownsSource: true)
    {
    }

    /// <summary>Makes a tracer over a source that is there already. Disposing the tracer leaves the source as it is.</summary>
    /// <param name="source">The source.</param>
    /// <param name="store">As for the other constructor.</param>
    public SimpleTracer(ActivitySource source, SpanStore? store = null)
        : this(source, store, ownsSource: false)
    {
    }

    private SimpleTracer(ActivitySource source, SpanStore? store, bool ownsSource)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _store = store;
        _ownsSource = ownsSource;
        _recording = store?.Record(source);
    }

    /// <summary>The instrumentation scope's name.</summary>
    public string Name => _source.Name;

    /// <summary>Starts a span as a child of the current one. Dispose the result to end it.</summary>
    /// <param name="name">What is done, with few different values: the route and not the address.</param>
    /// <param name="kind">The span's role in the conversation of services. Default: internal.</param>
    public SpanScope StartSpan(string name, ActivityKind kind = ActivityKind.Internal) => new(_source.StartActivity(name ?? "", kind));

    /// <summary>Starts a span below a parent of one's choice. It is current until it ends; dispose the result to end it.</summary>
    /// <param name="name">What is done, with few different values: the route and not the address.</param>
    /// <param name="parent">A <see cref="SpanScope"/>, an <see cref="ActivityContext"/>, what <see cref="Extract(IReadOnlyDictionary{string, string})"/>
    /// returned, <see cref="ParentContext.None"/> for a new trace, or the default for the current span.</param>
    /// <param name="kind">The span's role in the conversation of services. Default: internal.</param>
    /// <param name="attributes">Attributes that are there when samplers decide. Default: none.</param>
    /// <param name="links">Other spans this one has to do with, such as those of the messages of a batch. Default: none.</param>
    /// <param name="startTime">When it began, for what has begun before. Default: now.</param>
    public SpanScope StartSpan(
        string name,
        ParentContext parent,
        ActivityKind kind = ActivityKind.Internal,
        IEnumerable<KeyValuePair<string, object?>>? attributes = null,
        IEnumerable<ActivityLink>? links = null,
        DateTimeOffset startTime = default)
    {
        name ??= "";
        if (parent.IsCurrent) return new(_source.StartActivity(name, kind, default(ActivityContext), attributes, links, startTime));
        if (parent.IsRoot) return StartRoot(name, parent, kind, attributes, links, startTime);
        var activity = _source.StartActivity(name, kind, parent.Trace, attributes, links, startTime);
        if (activity is not null) parent.HandOverTo(activity);
        return new(activity);
    }

    /// <summary>Ends a span; the same as disposing it.</summary>
    /// <param name="span">The span.</param>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "A member of the tracer, as in every other tracing library.")]
    public void EndSpan(SpanScope span) => span.Dispose();

    /// <summary>Reads what came with a request or message, in the formats the application uses (<c>Telemetry:Propagators</c>).
    /// Malformed headers are as good as none.</summary>
    /// <param name="headers">The headers; names are found without regard to case.</param>
    /// <returns>What <see cref="StartSpan(string, ParentContext, ActivityKind, IEnumerable{KeyValuePair{string, object}}, IEnumerable{ActivityLink}, DateTimeOffset)"/> takes.</returns>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "A member of the tracer, as in every other tracing library.")]
    public ParentContext Extract(IReadOnlyDictionary<string, string> headers) => DistributedContextPropagator.Current.Extract(headers);

    /// <summary>Writes the current span's context and baggage for the one who is called, in the formats the application uses.</summary>
    /// <param name="headers">The headers of the request or message.</param>
    [SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "A member of the tracer, as in every other tracing library.")]
    public void Inject(IDictionary<string, string> headers) => DistributedContextPropagator.Current.Inject(Activity.Current, headers);

    /// <summary>The ended spans of this tracer that are still in the store, the oldest first; none where there is no store.</summary>
    public IReadOnlyList<EndedSpan> GetSpans() => Store.GetSpans(Name);

    /// <summary>The ended spans of a trace that are still in the store, of whatever source, the oldest first; none where there is no store.</summary>
    /// <param name="traceId">The trace's id.</param>
    public IReadOnlyList<EndedSpan> GetSpans(ActivityTraceId traceId) => Store.GetSpans(traceId);

    /// <summary>Empties the store, where there is one.</summary>
    public void Clear() => Store.Clear();

    /// <summary>Ends the source if the tracer made it: no more spans are started. What is in the store stays.</summary>
    public void Dispose()
    {
        _recording?.Dispose();
        if (_ownsSource) _source.Dispose();
    }

    private SpanStore Store => _store ?? SpanStore.Running;

    private static string NotEmpty(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }

    private SpanScope StartRoot(
        string name, in ParentContext parent, ActivityKind kind, IEnumerable<KeyValuePair<string, object?>>? attributes, IEnumerable<ActivityLink>? links, DateTimeOffset startTime)
    {
        var before = Activity.Current;
        Activity.Current = null;
        var activity = _source.StartActivity(name, kind, default(ActivityContext), attributes, links, startTime);
        if (activity is null) Activity.Current = before;
        else parent.HandOverTo(activity);
        return new(activity, before);
    }
}
