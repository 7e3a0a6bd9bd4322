using System.Collections.Concurrent;

namespace OtelTelemetry.Processors.Logs.Suppress;

/// <summary>
/// Lets so many records of each kind through in a period, and says how many it did not: what passed and what is reported add up to what was logged,
/// also at the end. Keeps so many kinds apart; those beyond share one. Thread-safe; a record costs a look-up, and allocates nothing.
/// </summary>
internal sealed class LogSuppressor : IDisposable
{
    private static readonly SuppressionKey s_others = new(null, 0, null);

    private readonly ConcurrentDictionary<SuppressionKey, SuppressionWindow> _windows = new();
    private readonly LogProcessor _owner;
    private readonly LogSummaries _summaries;
    private readonly TimeProvider _time;
    private readonly int _most;
    private readonly int _mostKinds;
    private readonly long _periodTicks;
    private readonly ITimer _timer;
    private int _kinds;
    private volatile bool _isClosed;

    /// <param name="owner">The processor it works for.</param>
    /// <param name="most">How many of a kind pass in a period.</param>
    /// <param name="period">The period.</param>
    /// <param name="mostKinds">How many kinds are told apart.</param>
    /// <param name="context">The clock, and where summaries go.</param>
    internal LogSuppressor(LogProcessor owner, int most, TimeSpan period, int mostKinds, LogProcessorContext context)
    {
        (_owner, _most, _mostKinds) = (owner, most, mostKinds);
        _summaries = context.Summaries;
        _time = context.TimeProvider;
        _periodTicks = (long)(period.TotalSeconds * _time.TimestampFrequency);
        _timer = _time.CreateTimer(static state => ((LogSuppressor)state!).Sweep(), this, period, period);
    }

    /// <summary>Whether one more of a kind may pass.</summary>
    internal bool TryPass(in SuppressionKey key, in SuppressedLogs what)
    {
        while (!_isClosed)
        {
            var now = _time.GetTimestamp();
            var window = WindowOf(key, what, now);
            var started = window.Started;
            if (now - started >= _periodTicks) Write(window, window.Next(started, now), started, now);
            var number = window.Take();
            if (number > _most)
            {
                if (number == _most + 1) _summaries.Prepare();

                // It may have come after the end was summed up.
                if (_isClosed) Write(window, window.Kill(), window.Started, _time.GetTimestamp());
                return false;
            }

            if (number >= 1) return true;
            Forget(window);
        }

        return true;
    }

    /// <summary>Writes all numbers there are.</summary>
    internal void Flush()
    {
        foreach (var (_, window) in _windows) Write(window, window.Settle(), window.Started, _time.GetTimestamp());
    }

    /// <summary>Writes all numbers, and lets everything pass from now on.</summary>
    internal void Close()
    {
        _isClosed = true;
        _timer.Dispose();
        foreach (var (_, window) in _windows) Write(window, window.Kill(), window.Started, _time.GetTimestamp());
    }

    public void Dispose() => Close();

    private SuppressionWindow WindowOf(in SuppressionKey key, in SuppressedLogs what, long now)
    {
        if (_windows.TryGetValue(key, out var window)) return window;
        if (Volatile.Read(ref _kinds) >= _mostKinds)
        {
            return _windows.TryGetValue(s_others, out window)
                ? window
                : _windows.GetOrAdd(s_others, new SuppressionWindow(s_others, what with { EventId = default, Text = "records of many kinds" }, _most, now));
        }

        var made = new SuppressionWindow(key, what, _most, now);
        window = _windows.GetOrAdd(key, made);
        if (ReferenceEquals(window, made)) Interlocked.Increment(ref _kinds);
        return window;
    }

    /// <summary>Speaks for kinds that come no more, and forgets those that are quiet.</summary>
    private void Sweep()
    {
        var now = _time.GetTimestamp();
        foreach (var (_, window) in _windows)
        {
            var started = window.Started;
            if (_isClosed || now - started < _periodTicks) continue;
            if (window.TryKillIdle()) Forget(window);
            else Write(window, window.Next(started, now), started, now);
        }
    }

    private void Forget(SuppressionWindow window)
    {
        if (_windows.TryRemove(KeyValuePair.Create(window.Key, window)) && window.Key != s_others) Interlocked.Decrement(ref _kinds);
    }

    private void Write(SuppressionWindow window, long suppressed, long started, long now)
    {
        if (suppressed == 0) return;
        _summaries.Write(_owner, window.What, suppressed, _time.GetElapsedTime(started, now));
    }
}
