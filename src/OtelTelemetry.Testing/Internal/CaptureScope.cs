using System.Collections.Concurrent;
using System.Diagnostics;

namespace OtelTelemetry.Testing.Internal;

/// <summary>
/// Decides whose doing something is: what happens in the flow of calls and tasks that began with a capture is its own, and what happens
/// anywhere in a trace that began there. A capture inside another belongs to both. Thread-safe.
/// </summary>
internal sealed class CaptureScope : IDisposable
{
    private static readonly AsyncLocal<CaptureScope?> s_current = new();

    private readonly ConcurrentDictionary<ActivityTraceId, bool> _traces = new();
    private readonly CaptureScope? _outer;
    private readonly bool _wholeProcess;
    private readonly int _mostTraces;
    private volatile bool _ended;

    public CaptureScope(bool wholeProcess, int mostTraces)
    {
        _wholeProcess = wholeProcess;
        _mostTraces = mostTraces;
        _outer = s_current.Value;
        s_current.Value = this;
    }

    public bool HasEnded => _ended;

    /// <summary>Brings the flow of this moment into the scope.</summary>
    public void Enter()
    {
        if (!_ended) s_current.Value = this;
    }

    /// <summary>Whether the caller of this moment is in the scope.</summary>
    public bool IsHere()
    {
        if (_ended) return false;
        if (_wholeProcess) return true;
        for (var scope = s_current.Value; scope is not null; scope = scope._outer)
        {
            if (ReferenceEquals(scope, this)) return true;
        }

        return Activity.Current is { } span && Has(span.TraceId);
    }

    /// <summary>Whether a trace began in the scope.</summary>
    public bool Has(ActivityTraceId trace) => !_ended && (_wholeProcess || _traces.ContainsKey(trace));

    public void Add(ActivityTraceId trace)
    {
        if (_traces.Count < _mostTraces) _traces.TryAdd(trace, true);
    }

    public void Dispose()
    {
        _ended = true;
        if (ReferenceEquals(s_current.Value, this)) s_current.Value = _outer;
    }
}
