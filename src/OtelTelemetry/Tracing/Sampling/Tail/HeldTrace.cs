using System.Diagnostics;
using OtelTelemetry.Tracing.Sampling.Consistent;

namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>One trace from its first span on: first its spans, and then, for those that come late, only what was decided. Used under its shard's lock.</summary>
internal sealed class HeldTrace(UInt128 id, long startedAt)
{
    private Activity[] _spans = [];
    private int _count;

    /// <summary>From here downwards lie spans whose place a more important one may take; null where none has been taken.</summary>
    private int? _replaceable;

    internal UInt128 Id => id;

    internal long StartedAt { get; private set; } = startedAt;

    internal TailVerdict Verdict { get; set; }

    /// <summary>Spans without a parent in this process that have not ended. A trace has several where the process calls itself.</summary>
    internal int OpenRoots { get; set; }

    internal bool HasError { get; private set; }

    /// <summary>The longest span without a parent in this process.</summary>
    internal TimeSpan Longest { get; private set; }

    /// <summary>That span's name.</summary>
    internal string Route { get; private set; } = "";

    /// <summary>The number by which the trace is kept at a rate or not; by default that of its id.</summary>
    internal ulong Randomness { get; private set; } = (ulong)id & (SamplingThreshold.None - 1);

    internal int Count => _count;

    internal HeldTrace? Older { get; set; }

    internal HeldTrace? Newer { get; set; }

    /// <summary>Takes from an ended span what decides.</summary>
    internal void Note(Activity span, bool isRoot)
    {
        HasError |= span.Status == ActivityStatusCode.Error;
        if (!isRoot) return;
        RootEnded();
        if (span.TraceStateString is { Length: > 0 } state && OpenTelemetryTraceState.Parse(state).Randomness is { } randomness) Randomness = randomness;
        if (span.Duration < Longest) return;
        Longest = span.Duration;
        Route = span.DisplayName;
    }

    internal void RootEnded()
    {
        if (OpenRoots > 0) OpenRoots--;
    }

    /// <summary>A trace that was decided about is undecided again: more of it begins.</summary>
    internal void Reopen(long now)
    {
        StartedAt = now;
        Verdict = TailVerdict.Pending;
        HasError = false;
        Longest = TimeSpan.Zero;
    }

    internal void Hold(Activity span)
    {
        if (_count == _spans.Length) Array.Resize(ref _spans, Math.Max(4, _count * 2));
        _spans[_count++] = span;
    }

    /// <summary>Puts a span that is worth more than others in the place of one that is not, if one is held.</summary>
    internal void Replace(Activity span)
    {
        for (var i = _replaceable ?? _count - 1; i >= 0; i--)
        {
            _replaceable = i - 1;
            if (_spans[i].Status == ActivityStatusCode.Error || _spans[i].Parent is null) continue;
            _spans[i] = span;
            return;
        }
    }

    /// <summary>Takes the spans away.</summary>
    internal ReadOnlyMemory<Activity> Release()
    {
        var spans = _spans.AsMemory(0, _count);
        _spans = [];
        _count = 0;
        _replaceable = null;
        Route = "";
        return spans;
    }
}
