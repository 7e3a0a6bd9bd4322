using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Hooks;

/// <summary>
/// One hook: a bounded queue and a thread of its own, so that a hook that throws, is slow or hangs harms nobody but itself. Whoever
/// raises an item pays for a lock and a copy. Thread-safe.
/// </summary>
internal sealed class Hook<T> : IDisposable
{
    private readonly Action<T> _callback;
    private readonly HookOptions _options;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly bool _isAboutErrors;
    private readonly Action<Hook<T>> _ended;
    private readonly ITimer _watch;
    private readonly HookMetrics _metrics;
    private readonly object _gate = new();
    private readonly List<(long Target, TaskCompletionSource Reached)> _flushes = [];

    // A ring that grows up to the capacity.
    private T[] _queue = new T[16];
    private int _first;
    private int _count;
    private long _placed;
    private long _gone;
    private bool _disposed;

    // The run of this moment. The watch runs only while there is something to watch, and is set anew once a time limit at most.
    private bool _running;
    private bool _overran;
    private bool _watched;
    private bool _overrunReported;
    private long _started;

    internal Hook(Action<T> callback, string name, HookOptions options, bool isAboutErrors, TimeProvider time, Action<Hook<T>> ended)
    {
        _callback = callback;
        _options = options.Checked();
        _name = string.IsNullOrWhiteSpace(options.Name) ? name : options.Name;
        _isAboutErrors = isAboutErrors;
        _time = time;
        _ended = ended;
        _metrics = new HookMetrics(_name);
        _watch = time.CreateTimer(static state => ((Hook<T>)state!).Watch(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // Not of the pool: a hook that hangs must not take a thread that others need. It does not keep the process alive.
        new Thread(Run) { IsBackground = true, Name = "OtelTelemetry hook " + _name }.UnsafeStart();
    }

    private string Component => "hook_" + _name;

    /// <summary>Puts an item into the queue. Never throws, never waits.</summary>
    internal void Raise(in T item)
    {
        if (HookThread.IsRunningHook) return;
        lock (_gate)
        {
            if (_disposed) return;
            if (_count < _options.QueueCapacity)
            {
                Place(item);
                if (!_running && _count == 1) Monitor.Pulse(_gate);
                return;
            }
        }

        _metrics.CountFull();
    }

    /// <summary>Ends when the hook has seen what was raised before, or when the token ends. Never throws.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_gone == _placed) return;
            _flushes.Add((_placed, reached));
        }

        await reached.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends the hook: no run begins after this. What still waits is dropped and counted. A run of this moment is left alone.</summary>
    public void Dispose()
    {
        int left;
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            left = _count;
            _count = 0;
            Leave(left);
            Array.Clear(_queue);
            Monitor.Pulse(_gate);
        }

        _ended(this);
        if (left > 0) _metrics.CountDropped("stopped", left);
    }

    private void Run()
    {
        HookThread.IsRunningHook = true;
        while (Next() is (true, var item))
        {
            Exception? error = null;
            try
            {
                _callback(item);
            }
            catch (Exception exception)
            {
                error = exception;
            }

            End(error);
        }

        _watch.Dispose();
    }

    private (bool There, T Item) Next()
    {
        lock (_gate)
        {
            while (_count == 0)
            {
                if (_disposed) return (false, default!);
                Monitor.Wait(_gate);
            }

            var item = _queue[_first];
            _queue[_first] = default!;
            _first = (_first + 1) % _queue.Length;
            _count--;
            _running = true;
            _overran = false;
            _started = _time.GetTimestamp();
            if (!_watched)
            {
                _watched = true;
                _watch.Change(_options.TimeLimit, Timeout.InfiniteTimeSpan);
            }

            return (true, item);
        }
    }

    private void End(Exception? error)
    {
        TimeSpan duration;
        bool overran;
        bool counted;
        lock (_gate)
        {
            duration = _time.GetElapsedTime(_started);
            counted = _overran;
            overran = duration >= _options.TimeLimit;
            _overran = _running = false;
        }

        // Counted before a flush sees the run as ended.
        _metrics.Ran(duration);
        if (!counted) _metrics.CountRun(overran ? "timeout" : error is null ? "ok" : "error");
        if (overran && !counted) ReportOverrun();
        if (error is not null)
        {
            Report($"the hook '{_name}' threw {error.GetType().Name}", "Mend the hook, or let it catch what it expects; nothing else is harmed", error);
        }

        lock (_gate) Leave(1);
    }

    private void Watch()
    {
        lock (_gate)
        {
            _watched = false;
            if (!_running || _overran) return;
            var left = _options.TimeLimit - _time.GetElapsedTime(_started);
            if (left > TimeSpan.Zero)
            {
                _watched = true;
                _watch.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _overran = true;
        }

        _metrics.CountRun("timeout");
        ReportOverrun();
    }

    private void ReportOverrun()
    {
        lock (_gate)
        {
            if (_overrunReported) return;
            _overrunReported = true;
        }

        Report(
            $"the hook '{_name}' has run longer than its limit of {_options.TimeLimit}; what waits for it beyond {_options.QueueCapacity} items is dropped",
            "Let the hook do less, or hand its work to a task with a time limit of its own; or raise HookOptions.TimeLimit",
            null);
    }

    /// <summary>Hooks on errors hear of every other hook, but not of each other.</summary>
    private void Report(string problem, string remedy, Exception? error)
    {
        var before = HookThread.IsRunningHook;
        HookThread.IsRunningHook = _isAboutErrors;
        TelemetryErrors.Report(Diagnostic.HookFailed, Component, problem, remedy, error);
        HookThread.IsRunningHook = before;
    }

    private void Place(in T item)
    {
        if (_count == _queue.Length)
        {
            var larger = new T[Math.Min(_options.QueueCapacity, _count * 2)];
            for (var i = 0; i < _count; i++) larger[i] = _queue[(_first + i) % _count];
            _queue = larger;
            _first = 0;
        }

        _queue[(_first + _count) % _queue.Length] = item;
        _count++;
        _placed++;
    }

    private void Leave(int items)
    {
        _gone += items;
        for (var i = _flushes.Count - 1; i >= 0; i--)
        {
            if (_flushes[i].Target > _gone) continue;
            _flushes[i].Reached.TrySetResult();
            _flushes.RemoveAt(i);
        }
    }
}
