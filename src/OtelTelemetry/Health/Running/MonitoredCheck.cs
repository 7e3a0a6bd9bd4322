using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Instruments;

namespace OtelTelemetry.Health.Running;

/// <summary>
/// One check on its interval: never twice at the same time, cut off at its timeout, its last results kept. A run that goes on after its
/// time is over counts as one failure an interval and is not begun again before it has ended. Thread-safe.
/// </summary>
internal sealed class MonitoredCheck : IDisposable
{
    private const string Component = "health";

    /// <summary>What is longer is cut off: every run of the history keeps its description.</summary>
    private const int LongestDescription = 1000;

    private static readonly TimeSpan s_firstWithin = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, Task<HealthCheckResult>> _check;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly HealthThresholds _thresholds;
    private readonly RunHistory _history;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private long _started;
    private bool _ended;
    private Task _turn = Task.CompletedTask;
    private Task<HealthCheckResult> _run = Task.FromResult(HealthCheckResult.Healthy());
    private long _runStarted;
    private HealthCheckReport _report;

    /// <summary>Makes the runner of a check.</summary>
    /// <param name="plan">When and how it runs.</param>
    /// <param name="check">Runs it once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Chooses moments.</param>
    public MonitoredCheck(CheckPlan plan, Func<CancellationToken, Task<HealthCheckResult>> check, TimeProvider time, Random random)
    {
        Plan = plan;
        _check = check;
        _time = time;
        _random = random;
        _thresholds = new HealthThresholds(plan.UnhealthyThreshold, plan.HealthyThreshold);
        _history = new RunHistory(plan.HistorySize);
        _report = new HealthCheckReport(plan.Name, plan.Tags, time.GetUtcNow());
    }

    public CheckPlan Plan { get; }

    /// <summary>Told of every run that has ended, with the state before it. One at a time.</summary>
    public Action<HealthCheckReport, HealthState>? Ran { get; init; }

    /// <summary>How the check stands. Reading it runs nothing.</summary>
    public HealthCheckReport Report => Volatile.Read(ref _report);

    /// <summary>The last run that the interval began; over when its result is known or its time is over.</summary>
    internal Task Turn
    {
        get
        {
            lock (_gate) return _turn;
        }
    }

    /// <summary>Begins. Does nothing the second time, or after the end.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_timer is not null || _ended) return;
            _started = _time.GetTimestamp();

            // Nothing of whoever starts us, such as its span, belongs to the runs.
            var suppress = !ExecutionContext.IsFlowSuppressed();
            if (suppress) ExecutionContext.SuppressFlow();
            try
            {
                _timer = _time.CreateTimer(static state => ((MonitoredCheck)state!).OnTime(), this, Plan.Delay ?? FirstPause(), Timeout.InfiniteTimeSpan);
            }
            finally
            {
                if (suppress) ExecutionContext.RestoreFlow();
            }
        }
    }

    /// <summary>Begins no further run and asks one under way to end.</summary>
    /// <returns>Over when that has ended, which may be never.</returns>
    public Task StopAsync()
    {
        Task turn;
        lock (_gate)
        {
            if (!_ended) _timer?.Dispose();
            _ended = true;
            turn = _turn;
        }

        return EndAsync(turn);
    }

    /// <summary>As <see cref="StopAsync"/>, waiting for nothing. A run that hangs may still look at its token, so that lives on.</summary>
    public void Dispose() => _ = StopAsync();

    private async Task EndAsync(Task turn)
    {
        await CancelAsync(_stopping).ConfigureAwait(false);
        await turn.ConfigureAwait(false);
        await ((Task)_run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The pause between the beginnings of two runs.</summary>
    private TimeSpan NextPause() => Plan.Interval * (1 + (Plan.Jitter * ((2 * _random.NextDouble()) - 1)));

    private TimeSpan FirstPause() => Min(Plan.Interval * Plan.Jitter, s_firstWithin) * _random.NextDouble();

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void OnTime()
    {
        lock (_gate)
        {
            if (_ended) return;
            _timer!.Change(NextPause(), Timeout.InfiniteTimeSpan);

            // Slow, but within its time: the next one has its own turn.
            if (!_turn.IsCompleted) return;
            _turn = _run.IsCompleted ? Task.Run(RunAsync) : Task.Run(TellThatItHangs);
        }
    }

    private async Task RunAsync()
    {
        var limit = new CancellationTokenSource();
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runStarted = _time.GetTimestamp();
        _run = CheckAfterAsync(begin.Task, limit.Token);

        // The time begins before the check does, so that none of it is lost.
        var waiting = _run.WaitAsync(Plan.Timeout, _time, _stopping.Token);
        begin.SetResult();
        try
        {
            var result = await waiting.ConfigureAwait(false);
            Record(StateOf(result.Status), _time.GetElapsedTime(_runStarted), DescriptionOf(result));
        }
        catch (TimeoutException) when (!_run.IsCompleted)
        {
            Record(StateOf(Plan.FailureStatus), _time.GetElapsedTime(_runStarted), $"it took longer than {Plan.Timeout.TotalSeconds:0.###} s");
            Abandon(limit);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            Abandon(limit);
        }
        catch (Exception exception)
        {
            Record(StateOf(Plan.FailureStatus), _time.GetElapsedTime(_runStarted), exception.Message);
        }
    }

    /// <summary>Asks a run to end. Nobody waits for its result any more.</summary>
    private void Abandon(CancellationTokenSource limit)
    {
        _ = _run.ContinueWith(static run => _ = run.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _ = CancelAsync(limit);
    }

    private async Task<HealthCheckResult> CheckAfterAsync(Task begin, CancellationToken cancellationToken)
    {
        await begin.ConfigureAwait(false);
        return await _check(cancellationToken).ConfigureAwait(false);
    }

    private void TellThatItHangs()
    {
        var duration = _time.GetElapsedTime(_runStarted);
        Record(StateOf(Plan.FailureStatus), duration, $"a run that began {duration.TotalSeconds:0} s ago has not ended, although its time is over");
    }

    private void Record(HealthState result, TimeSpan duration, string? description)
    {
        HealthCheckReport report;
        HealthState before;
        lock (_gate)
        {
            if (_ended) return;
            var now = _time.GetUtcNow();
            var run = new HealthCheckRun(now, result, duration, description?.Length > LongestDescription ? description[..LongestDescription] : description);
            before = _thresholds.State;
            if (!IsForgiven(result)) _thresholds.Add(result);
            _history.Add(run);
            report = _report with
            {
                State = _thresholds.State,
                Since = _thresholds.State == before ? _report.Since : now,
                LastRun = run,
                LastError = result == HealthState.Healthy ? _report.LastError : run,
                ConsecutiveFailures = _thresholds.ConsecutiveFailures,
                Runs = _report.Runs + 1,
                History = _history.ToArray(),
            };
            Volatile.Write(ref _report, report);
        }

        try
        {
            Ran?.Invoke(report, before);
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.HealthListenerFailed, Component, $"a listener to the health check '{Plan.Name}' failed", "See the cause", exception);
        }
    }

    /// <summary>Whether it is a failure of a check that is still starting.</summary>
    private bool IsForgiven(HealthState result) =>
        result == HealthState.Unhealthy && _thresholds.State == HealthState.Unknown && _time.GetElapsedTime(_started) < Plan.StartupGrace;

    private static HealthState StateOf(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => HealthState.Healthy,
        HealthStatus.Degraded => HealthState.Degraded,
        _ => HealthState.Unhealthy,
    };

    private static string? DescriptionOf(in HealthCheckResult result) => result.Description ?? result.Exception?.Message;

    /// <summary>Cancels on a thread of its own: what a check registered with its token may throw or hang.</summary>
    private async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.HealthCheckNotEnded, Component, $"the health check '{Plan.Name}' failed while it was cancelled", "See the cause", exception);
        }
    }
}
