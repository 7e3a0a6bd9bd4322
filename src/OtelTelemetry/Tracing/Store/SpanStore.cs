using System.Diagnostics;
using System.Text.RegularExpressions;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Tracing.Store;

/// <summary>
/// Keeps the last ended spans of the process, to be read back: in development, in tests, for a page of an application. Bounded: past its
/// capacity the oldest make room, and are counted. It decides nothing: what others record or leave out stays as it is. Thread-safe.
/// </summary>
/// <example><code>
/// using var store = new SpanStore(1000);
/// using var tracer = new SimpleTracer("pipeline", store: store);
/// using (tracer.StartSpan("fetch")) { }
/// foreach (var span in store.GetSpans()) Console.WriteLine(span);
/// </code></example>
public sealed class SpanStore : IDisposable
{
    /// <summary>The most spans a store can be asked to keep.</summary>
    internal const int LargestCapacity = 1_000_000;

    private static readonly SpanStore s_none = new();
    private static SpanStore s_running = s_none;

    private readonly Lock _gate = new();
    private readonly Queue<EndedSpan> _spans = new();
    private readonly List<ActivityListener> _listeners = [];
    private long _pushedOut;
    private bool _disposed;

    /// <summary>Makes a store that keeps the spans of the tracers made with it, and of the sources that are named.</summary>
    /// <param name="capacity">The most spans that are kept; 1 to 1,000,000. Default: 1000.</param>
    /// <param name="sources">Names of activity sources whose spans it records, also when nobody else does; <c>*</c> stands for any text.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is out of its range.</exception>
    public SpanStore(int capacity = 1000, params IEnumerable<string> sources)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, LargestCapacity);
        ArgumentNullException.ThrowIfNull(sources);
        Capacity = capacity;
        Regex[] patterns = [.. sources.Select(source => new Regex($"^{Regex.Escape(source).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant))];
        if (patterns.Length > 0) Listen(source => patterns.Any(pattern => pattern.IsMatch(source.Name)));
    }

    private SpanStore()
    {
    }

    /// <summary>The most spans that are kept; 0 where telemetry has no store.</summary>
    public int Capacity { get; }

    /// <summary>How many spans are kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _spans.Count;
        }
    }

    /// <summary>How many spans had to make room so far; also <c>telemetry_spans_pushed_out_total</c>.</summary>
    public long PushedOut => Interlocked.Read(ref _pushedOut);

    /// <summary>Of the telemetry that runs in this process; one that keeps nothing where there is none.</summary>
    internal static SpanStore Running => Volatile.Read(ref s_running);

    /// <summary>The spans that are kept, the first that ended first.</summary>
    public IReadOnlyList<EndedSpan> GetSpans()
    {
        lock (_gate) return [.. _spans];
    }

    /// <summary>The spans of one trace that are kept, the first that ended first.</summary>
    /// <param name="traceId">The trace's id.</param>
    public IReadOnlyList<EndedSpan> GetSpans(ActivityTraceId traceId)
    {
        lock (_gate) return [.. _spans.Where(span => span.TraceId == traceId)];
    }

    /// <summary>The spans of one activity source or tracer that are kept, the first that ended first.</summary>
    /// <param name="source">The source's name.</param>
    public IReadOnlyList<EndedSpan> GetSpans(string source)
    {
        lock (_gate) return [.. _spans.Where(span => span.Source == source)];
    }

    /// <summary>Forgets all spans.</summary>
    public void Clear()
    {
        lock (_gate) _spans.Clear();
    }

    /// <summary>Ends the recording. What is kept can still be read.</summary>
    public void Dispose()
    {
        ActivityListener[] listeners;
        lock (_gate)
        {
            _disposed = true;
            listeners = [.. _listeners];
            _listeners.Clear();
        }

        foreach (var listener in listeners) listener.Dispose();
    }

    /// <summary>A store of this many spans that records nothing by itself: the trace pipeline gives it what is sampled. With null it keeps nothing.</summary>
    internal static SpanStore ForPipeline(int? capacity) => capacity is { } spans ? new SpanStore(spans) { IsFed = true } : new SpanStore();

    /// <summary>Whether the trace pipeline gives it spans, so that it must not record them a second time.</summary>
    internal bool IsFed { get; private init; }

    /// <summary>Makes it the process's own, for tracers that have none, until the result is disposed.</summary>
    internal IDisposable Run()
    {
        var before = Interlocked.Exchange(ref s_running, this);
        return new RunningStore(this, before);
    }

    /// <summary>Records a source's spans until the result is disposed; null where the pipeline gives them.</summary>
    internal IDisposable? Record(ActivitySource source) => IsFed || Capacity == 0 ? null : Listen(other => ReferenceEquals(other, source));

    internal void Add(Activity activity)
    {
        if (Capacity == 0) return;
        if (Copy(activity) is not { } span) return;
        var isFull = false;
        lock (_gate)
        {
            isFull = _spans.Count >= Capacity;
            if (isFull) _spans.Dequeue();
            _spans.Enqueue(span);
        }

        if (!isFull) return;
        Interlocked.Increment(ref _pushedOut);
        SelfMetrics.SpansPushedOut.Inc();
    }

    private static EndedSpan? Copy(Activity activity)
    {
        try
        {
            return new EndedSpan(activity);
        }
        catch (Exception exception)
        {
            TelemetryLosses.Count("traces", "span_store", "error");
            TelemetryErrors.Report(Diagnostic.SpanNotKept, "span_store", "a span could not be kept", "Change no span while it ends", exception);
            return null;
        }
    }

    private Recording Listen(Func<ActivitySource, bool> wants)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = wants,

            // All data, and not the flag that has others export it: that is for samplers to decide.
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.IsAllDataRequested) Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var recording = new Recording(this, listener);
        lock (_gate)
        {
            if (!_disposed)
            {
                _listeners.Add(listener);
                return recording;
            }
        }

        recording.Dispose();
        return recording;
    }

    private sealed class Recording(SpanStore store, ActivityListener listener) : IDisposable
    {
        public void Dispose()
        {
            listener.Dispose();
            lock (store._gate) store._listeners.Remove(listener);
        }
    }

    private sealed class RunningStore(SpanStore store, SpanStore before) : IDisposable
    {
        public void Dispose() => Interlocked.CompareExchange(ref s_running, before, store);
    }
}
