namespace OtelTelemetry.Tracing.Sampling.Tail;

/// <summary>A part of the traces: those that are held, oldest first, and those that were decided, oldest first. Used under its lock.</summary>
internal sealed class TailShard(int mostDecisions)
{
    private readonly Dictionary<UInt128, HeldTrace> _traces = [];
    private Chain _pending;
    private Chain _decided;
    private int _decisions;

    internal Lock Gate { get; } = new();

    internal HeldTrace? Oldest => _pending.Oldest;

    internal HeldTrace? Find(UInt128 id) => _traces.GetValueOrDefault(id);

    internal HeldTrace Add(UInt128 id, long now)
    {
        var trace = new HeldTrace(id, now);
        _traces.Add(id, trace);
        _pending.Append(trace);
        return trace;
    }

    /// <summary>Moves a decided trace back to those that are held.</summary>
    internal void Reopen(HeldTrace trace, long now)
    {
        _decided.Remove(trace);
        _decisions--;
        trace.Reopen(now);
        _pending.Append(trace);
    }

    /// <summary>Moves a trace to the decided ones, and forgets the oldest of those past the bound.</summary>
    internal void Decided(HeldTrace trace)
    {
        _pending.Remove(trace);
        _decided.Append(trace);
        if (++_decisions <= mostDecisions) return;
        var forgotten = _decided.Oldest!;
        _decided.Remove(forgotten);
        _traces.Remove(forgotten.Id);
        _decisions--;
    }

    /// <summary>A list through the traces themselves.</summary>
    private struct Chain
    {
        private HeldTrace? _newest;

        internal HeldTrace? Oldest { get; private set; }

        internal void Append(HeldTrace trace)
        {
            trace.Older = _newest;
            trace.Newer = null;
            if (_newest is null) Oldest = trace;
            else _newest.Newer = trace;
            _newest = trace;
        }

        internal void Remove(HeldTrace trace)
        {
            if (trace.Older is null) Oldest = trace.Newer;
            else trace.Older.Newer = trace.Newer;
            if (trace.Newer is null) _newest = trace.Older;
            else trace.Newer.Older = trace.Older;
            trace.Older = trace.Newer = null;
        }
    }
}
