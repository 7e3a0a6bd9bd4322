using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Monitoring;

/// <summary>
/// Runs one collector on its interval. One run at a time: what comes due meanwhile is left out and counted. A call that takes too long
/// is given up; while it still runs there is no other, so that a collector that hangs holds one thread at most. Thread-safe.
/// </summary>
internal sealed class MonitorSchedule
{
    /// <summary>The values of <c>reason</c> in <c>telemetry_dropped_total</c>.</summary>
    internal const string Failed = "collector_failed", TimedOut = "collector_timeout", StillRunning = "collector_still_running";

    private readonly Func<CancellationToken, Task> _collect;
    private readonly MonitorSettings _settings;
    private readonly TimeProvider _time;
    private readonly MonitorJitter _jitter;
    private readonly string _component;
    private readonly BoundHistogram _duration;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private CancellationTokenSource? _stopping;
    private Task<bool> _running = Task.FromResult(true);
    private Task _call = Task.CompletedTask;
    private long _started;
    private TimeSpan _due;
    private MonitorStatus _status;

    public MonitorSchedule(string name, Func<CancellationToken, Task> collect, MonitorSettings settings, TimeProvider time, MonitorJitter jitter)
    {
        Name = name;
        _collect = collect;
        _settings = settings;
        _time = time;
        _jitter = jitter;
        _component = "monitor." + name;
        _duration = SelfMetrics.MonitorDuration.With(name);
        _status = new MonitorStatus(name, settings.Interval, 0, 0, 0, 0, null, TimeSpan.Zero, null);
    }

    public string Name { get; }

    public MonitorStatus Status
    {
        get
        {
            lock (_gate) return _status;
        }
    }

    /// <summary>The last run; over when the next one can begin.</summary>
    public Task<bool> Running
    {
        get
        {
            lock (_gate) return _running;
        }
    }

    /// <summary>Begins: the first run comes at once, or after a part of the jitter. Does nothing while it runs already.</summary>
    /// <param name="now">The moment from which the interval counts, as the clock's timestamp.</param>
    public void Start(long now)
    {
        lock (_gate)
        {
            if (_timer is not null) return;
            _stopping ??= new CancellationTokenSource();
            _started = now;
            _due = TimeSpan.Zero;
            _timer = _time.CreateTimer(static state => ((MonitorSchedule)state!).OnTime(), this, _settings.Jitter * _jitter.At(_due), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the schedule and gives up a run under way. It can begin again.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            // Not Cancel: what a collector registered on its token is somebody else's code.
            if (_stopping is { } stopping) _ = stopping.CancelAsync();
            _stopping = null;
            return _running;
        }
    }

    /// <summary>Runs now, or waits for the run under way.</summary>
    /// <returns>Whether the run ended well.</returns>
    public Task<bool> RunNow()
    {
        lock (_gate)
        {
            if (!_running.IsCompleted) return _running;
            if (_call.IsCompleted) return Run();
        }

        Skip();
        return Task.FromResult(false);
    }

    private void OnTime()
    {
        bool runs;
        lock (_gate)
        {
            if (_timer is null) return;
            runs = _running.IsCompleted && _call.IsCompleted;
            if (runs) Run();

            // On the grid of the start, so that runs do not drift; a moment that has passed is no run of its own.
            var now = _time.GetElapsedTime(_started);
            _due += Math.Max(1, Math.Floor((now - _due) / _settings.Interval) + 1) * _settings.Interval;
            var wait = _due + (_settings.Jitter * _jitter.At(_due)) - now;
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        if (!runs) Skip();
    }

    private Task<bool> Run()
    {
        _stopping ??= new CancellationTokenSource();
        return _running = RunAsync(_stopping.Token);
    }

    private async Task<bool> RunAsync(CancellationToken stopping)
    {
        var started = _time.GetTimestamp();
        var (result, cause) = await AttemptAsync(stopping).ConfigureAwait(false);
        for (var retry = 0; retry < _settings.Retries && result == Failed; retry++)
        {
            try
            {
                await Task.Delay(_settings.RetryDelay, _time, stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            (result, cause) = await AttemptAsync(stopping).ConfigureAwait(false);
        }

        if (result is null && cause is not null) return false; // Stopped.
        var duration = _time.GetElapsedTime(started);
        _duration.Observe(duration.TotalSeconds);
        Count(result, cause, duration);
        return result is null;
    }

    /// <returns>Null, or the reason why nothing came of it; a cause without a reason is the end of the schedule.</returns>
    private async Task<(string? Reason, Exception? Cause)> AttemptAsync(CancellationToken stopping)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        // Away from the timer and from whoever asked: a collector may block before its first await.
        var call = Task.Run(() => _collect(limit.Token), CancellationToken.None);
        _ = call.ContinueWith(
            static (ended, source) =>
            {
                _ = ended.Exception; // Seen, though nobody waits for it any more.
                ((CancellationTokenSource)source!).Dispose();
            },
            limit,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        lock (_gate) _call = call;
        try
        {
            // Never on with it at once: whoever began the run holds the lock.
            await call.WaitAsync(_settings.Timeout, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return (null, null);
        }
        catch (TimeoutException exception) when (!call.IsCompleted)
        {
            Cancel(limit);
            return (TimedOut, exception);
        }
        catch (OperationCanceledException exception) when (stopping.IsCancellationRequested)
        {
            return (null, exception);
        }
        catch (Exception exception)
        {
            return (Failed, exception);
        }
    }

    private static void Cancel(CancellationTokenSource limit)
    {
        try
        {
            _ = limit.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call has ended just now.
        }
    }

    private void Count(string? reason, Exception? cause, TimeSpan duration)
    {
        var problem = reason switch
        {
            null => null,
            TimedOut => $"the call took longer than {_settings.Timeout} and was given up",
            _ => cause?.Message ?? "it failed",
        };
        lock (_gate)
        {
            _status = _status with
            {
                Runs = _status.Runs + (reason is null ? 1 : 0),
                Failures = _status.Failures + (reason == Failed ? 1 : 0),
                Timeouts = _status.Timeouts + (reason == TimedOut ? 1 : 0),
                LastRun = _time.GetUtcNow(),
                LastDuration = duration,
                LastProblem = problem,
            };
        }

        SelfMetrics.MonitorRuns.Inc(Name, reason switch { null => "ok", TimedOut => "timeout", _ => "error" });
        if (reason is null) return;
        TelemetryLosses.Count("metrics", _component, reason);
        if (reason == TimedOut)
        {
            TelemetryErrors.Report(Diagnostic.CollectorTimedOut, _component, problem!, "Until that call ends the collector is not called again; give it a longer timeout, or end the call when its token is cancelled", cause, reason);
        }
        else
        {
            TelemetryErrors.Report(Diagnostic.CollectorFailed, _component, "the collector failed", "The next run tries again; see the cause", cause, reason);
        }
    }

    private void Skip()
    {
        lock (_gate) _status = _status with { Skipped = _status.Skipped + 1 };
        SelfMetrics.MonitorRuns.Inc(Name, "skipped");
        TelemetryLosses.Count("metrics", _component, StillRunning);
        TelemetryErrors.Report(Diagnostic.CollectorOverran, _component, "a run was left out: the one before still runs", "Give the collector a longer interval, or make it faster", kind: StillRunning);
    }
}
