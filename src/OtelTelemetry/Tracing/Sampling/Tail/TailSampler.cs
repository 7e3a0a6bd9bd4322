using System.Diagnostics;
using System.Numerics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>
/// Holds the spans of each trace until its last open span without a parent in this process has ended, or it is too old, and then passes them on or drops
/// them. Spans that come later follow the decision; a trace that was dropped and comes back is decided about again. Thread-safe: traces are spread over shards with a lock each, which two threads
/// only share by chance; what comes next is called outside of it.
/// </summary>
/// <remarks>Bounds: <c>MaxTraces</c> held traces and one for each thread at work, <c>MaxSpans</c> held spans, <c>MaxDecisions</c>
/// decisions. A trace or decision costs <see cref="BytesPerTrace"/> at most, a held span <see cref="BytesPerSpan"/> beside the activity.</remarks>
internal sealed class TailSampler : IDisposable
{
    /// <summary>The most a trace, or a decision, costs: the object and its place in the table. A test measures it.</summary>
    internal const int BytesPerTrace = 256;

    /// <summary>The most a held span costs beside the activity itself: a reference in an array that grows by doubling.</summary>
    internal const int BytesPerSpan = 40;

    private readonly TailShard[] _shards;
    private readonly Action<Activity> _pass;
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxAge;
    private readonly int _maxTraces;
    private readonly int _maxSpans;
    private readonly int _maxSpansPerTrace;
    private readonly ITimer _sweep;
    private readonly BoundCounter _sampledOut = Lost(TailDropReasons.SampledOut);
    private readonly BoundCounter _rateLimited = Lost(TailDropReasons.RateLimited);
    private readonly BoundCounter _traceFull = Lost(TailDropReasons.TraceFull);
    private readonly BoundCounter _spansFull = Lost(TailDropReasons.SpansFull);
    private readonly BoundCounter _shutdown = Lost(TailDropReasons.Shutdown);
    private volatile TailPolicy _policy;
    private int _openTraces;
    private int _heldSpans;
    private volatile bool _closed;

    /// <param name="options">The settings.</param>
    /// <param name="pass">Where kept spans go.</param>
    /// <param name="time">The clock of ages and of the limit.</param>
    internal TailSampler(TailSamplingOptions options, Action<Activity> pass, TimeProvider time)
    {
        _policy = new TailPolicy(options, time);
        _pass = pass;
        _time = time;
        _maxAge = options.MaxAge;
        _maxTraces = options.MaxTraces;
        _maxSpans = options.MaxSpans;
        _maxSpansPerTrace = options.MaxSpansPerTrace;
        var shards = (int)Math.Min(64, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount * 4));
        while (shards > 1 && shards > options.MaxDecisions) shards /= 2;
        _shards = new TailShard[shards];
        for (var i = 0; i < shards; i++) _shards[i] = new TailShard(options.MaxDecisions / shards);
        var period = TimeSpan.FromMilliseconds(Math.Clamp(options.MaxAge.TotalMilliseconds / 4, 10, 1000));
        _sweep = time.CreateTimer(_ => DecideOld(), null, period, period);
    }

    /// <summary>Traces that are held.</summary>
    internal int OpenTraces => Volatile.Read(ref _openTraces);

    /// <summary>Spans that are held.</summary>
    internal int HeldSpans => Volatile.Read(ref _heldSpans);

    /// <summary>Decides by other settings from now on. The bounds stay.</summary>
    internal void Change(TailSamplingOptions options) => _policy = new TailPolicy(options, _time, _policy);

    /// <summary>A span that has no parent in this process starts.</summary>
    internal void Started(Activity root)
    {
        var id = IdOf(root);
        var shard = ShardOf(id);
        lock (shard.Gate)
        {
            if (_closed) return;
            var trace = shard.Find(id);
            if (trace is null)
            {
                trace = shard.Add(id, _time.GetTimestamp());
                Interlocked.Increment(ref _openTraces);
            }

            else if (trace.Verdict is TailVerdict.SampledOut or TailVerdict.RateLimited)
            {
                // The trace comes back: what happens now may be worth keeping, though what was before is gone.
                shard.Reopen(trace, _time.GetTimestamp());
                Interlocked.Increment(ref _openTraces);
            }

            trace.OpenRoots++;
        }

        while (OpenTraces > _maxTraces && DecideOldest(shard))
        {
        }
    }

    /// <summary>A span has ended.</summary>
    /// <param name="span">The span.</param>
    /// <param name="isWanted">Whether it is to be kept if its trace is; otherwise it only counts as ended.</param>
    internal void Ended(Activity span, bool isWanted)
    {
        var id = IdOf(span);
        var shard = ShardOf(id);
        var isRoot = span.Parent is null;
        var verdict = TailVerdict.Pending;
        ReadOnlyMemory<Activity> spans = default;
        BoundCounter? lost = null;
        lock (shard.Gate)
        {
            if (_closed)
            {
                if (isWanted) _shutdown.Inc();
                return;
            }

            var trace = shard.Find(id);
            if (trace is null)
            {
                if (!isWanted) return;
                // It began before we did, or its decision is forgotten: it is decided about alone.
                trace = shard.Add(id, _time.GetTimestamp());
                Interlocked.Increment(ref _openTraces);
            }

            if (trace.Verdict == TailVerdict.Pending)
            {
                trace.Note(span, isRoot || trace.OpenRoots == 0);
                if (trace.OpenRoots > 0)
                {
                    if (isWanted) lost = Hold(trace, span, matters: isRoot || span.Status == ActivityStatusCode.Error);
                    lost?.Inc();
                    return;
                }

                if (isWanted)
                {
                    // It goes at once, whatever is held.
                    trace.Hold(span);
                    Interlocked.Increment(ref _heldSpans);
                }

                verdict = trace.Verdict = _policy.Decide(trace, TimeSpan.Zero);
                spans = Take(shard, trace);
            }
            else
            {
                if (isRoot) trace.RootEnded();
                if (!isWanted) return;
                verdict = trace.Verdict;
                spans = new[] { span };
            }
        }

        Let(spans.Span, verdict);
    }

    /// <summary>Lets go of every span that is held, by what is known. A trace that goes on and was not worth keeping so far stays
    /// undecided: it may still fail.</summary>
    internal void Flush()
    {
        var released = new List<(ReadOnlyMemory<Activity> Spans, TailVerdict Verdict)>();
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                for (var trace = shard.Oldest; trace is not null;)
                {
                    var next = trace.Newer;
                    if (trace.Count > 0) released.Add(Flush(shard, trace));
                    trace = next;
                }
            }

            foreach (var (spans, verdict) in released) Let(spans.Span, verdict);
            released.Clear();
        }
    }

    /// <summary>Decides about everything that is held, by what is known. What ends from now on is dropped.</summary>
    internal void Close()
    {
        _closed = true;
        foreach (var shard in _shards)
        {
            while (DecideOldestOf(shard, TimeSpan.Zero))
            {
            }
        }
    }

    public void Dispose() => _sweep.Dispose();

    private static BoundCounter Lost(string reason) => TelemetryLosses.Bind("traces", TailDropReasons.Component, reason);

    private static UInt128 IdOf(Activity span)
    {
        var text = span.TraceId.ToHexString().AsSpan();
        _ = SamplingThreshold.TryParseHex(text[..16], out var high);
        _ = SamplingThreshold.TryParseHex(text[16..], out var low);
        return new UInt128(high, low);
    }

    /// <summary>By a hash with a seed of its own, since whoever calls chooses the trace id.</summary>
    private TailShard ShardOf(UInt128 id) => _shards[id.GetHashCode() & (_shards.Length - 1)];

    /// <returns>What counts a span as lost; null where it is held.</returns>
    private BoundCounter? Hold(HeldTrace trace, Activity span, bool matters)
    {
        var full = trace.Count >= _maxSpansPerTrace ? _traceFull : null;
        if (full is null && Interlocked.Increment(ref _heldSpans) > _maxSpans)
        {
            Interlocked.Decrement(ref _heldSpans);
            full = _spansFull;
        }

        if (full is not null)
        {
            // One is lost all the same: another than this.
            if (matters) trace.Replace(span);
            return full;
        }

        trace.Hold(span);
        return null;
    }

    private (ReadOnlyMemory<Activity> Spans, TailVerdict Verdict) Flush(TailShard shard, HeldTrace trace)
    {
        var verdict = _policy.Decide(trace, _time.GetElapsedTime(trace.StartedAt));
        if (verdict is TailVerdict.KeptAsSpecial or TailVerdict.KeptByRate)
        {
            trace.Verdict = verdict;
            return (Take(shard, trace), verdict);
        }

        var spans = trace.Release();
        Interlocked.Add(ref _heldSpans, -spans.Length);
        return (spans, verdict);
    }

    private void DecideOld()
    {
        foreach (var shard in _shards)
        {
            while (DecideOldestOf(shard, _maxAge))
            {
            }
        }
    }

    private bool DecideOldest(TailShard first)
    {
        if (DecideOldestOf(first, TimeSpan.Zero)) return true;
        foreach (var shard in _shards)
        {
            if (DecideOldestOf(shard, TimeSpan.Zero)) return true;
        }

        return false;
    }

    /// <summary>Decides about a shard's oldest trace, if it is old enough.</summary>
    private bool DecideOldestOf(TailShard shard, TimeSpan minimumAge)
    {
        TailVerdict verdict;
        ReadOnlyMemory<Activity> spans;
        lock (shard.Gate)
        {
            if (shard.Oldest is not { } trace) return false;
            var age = _time.GetElapsedTime(trace.StartedAt);
            if (age < minimumAge) return false;
            verdict = trace.Verdict = _policy.Decide(trace, age);
            spans = Take(shard, trace);
        }

        Let(spans.Span, verdict);
        return true;
    }

    private ReadOnlyMemory<Activity> Take(TailShard shard, HeldTrace trace)
    {
        shard.Decided(trace);
        var spans = trace.Release();
        Interlocked.Decrement(ref _openTraces);
        Interlocked.Add(ref _heldSpans, -spans.Length);
        return spans;
    }

    private void Let(ReadOnlySpan<Activity> spans, TailVerdict verdict)
    {
        if (spans.IsEmpty) return;
        if (verdict is TailVerdict.KeptAsSpecial or TailVerdict.KeptByRate)
        {
            foreach (var span in spans)
            {
                if (verdict == TailVerdict.KeptByRate) TellThreshold(span, _policy.Threshold);
                _pass(span);
            }

            return;
        }

        (verdict == TailVerdict.RateLimited ? _rateLimited : _sampledOut).Inc(spans.Length);
        // Whoever still holds one of them, or starts a span below it, sees that it is not kept.
        foreach (var span in spans) span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    /// <summary>Where the probability so far is known, the rate's is put to it; where it is not, nobody can tell one from here.</summary>
    private static void TellThreshold(Activity span, ulong threshold)
    {
        if (span.TraceStateString is not { Length: > 0 } text) return;
        var state = OpenTelemetryTraceState.Parse(text);
        if (state.Threshold < threshold) span.TraceStateString = state.With(threshold);
    }
}
