using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health.Running;
using OtelTelemetry.Instruments;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Health;

public class MonitoredCheckTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly CheckPlan s_plan = new("db", [])
    {
        Interval = TimeSpan.FromSeconds(30),
        Timeout = TimeSpan.FromSeconds(5),
        Jitter = 0,
        UnhealthyThreshold = 3,
        HealthyThreshold = 2,
        StartupGrace = TimeSpan.Zero,
        HistorySize = 3,
    };

    private readonly List<MonitoredCheck> _running = [];
    private FakeClock _clock = null!;
    private int _runs;
    private HealthStatus _result;

    [SetUp]
    public void Begin() => (_clock, _runs, _result) = (new FakeClock(), 0, HealthStatus.Healthy);

    [TearDown]
    public void End()
    {
        foreach (var check in _running) check.Dispose();
        _running.Clear();
        _clock.Advance(TimeSpan.FromHours(1));
    }

    [Test]
    public async Task It_runs_at_once_and_then_on_its_interval()
    {
        var check = Start(s_plan);
        await Pass(check, TimeSpan.Zero);
        Assert.That(_runs, Is.EqualTo(1));

        await Pass(check, TimeSpan.FromSeconds(29.9));
        Assert.That(_runs, Is.EqualTo(1));

        await Pass(check, TimeSpan.FromSeconds(0.1));
        Assert.That(_runs, Is.EqualTo(2));
    }

    [Test]
    public async Task The_pauses_differ_by_the_jitter_and_no_more()
    {
        var begins = new List<double>();
        var check = Start(s_plan with { Jitter = 0.1 }, _ =>
        {
            begins.Add(_clock.GetUtcNow().TimeOfDay.TotalSeconds);
            return Task.FromResult(HealthCheckResult.Healthy());
        });
        for (var i = 0; i < 3000; i++) await Pass(check, TimeSpan.FromSeconds(0.1));

        var pauses = begins.Zip(begins.Skip(1), (one, next) => next - one).ToList();
        Assert.That(pauses, Has.Count.InRange(8, 11));
        Assert.That(pauses, Has.All.InRange(26.9, 33.2));
        Assert.That(pauses.Max() - pauses.Min(), Is.GreaterThan(1));
    }

    [Test]
    public async Task It_is_unhealthy_after_exactly_the_failures_that_are_set_and_healthy_after_exactly_the_successes()
    {
        var check = Start(s_plan);
        await Pass(check, TimeSpan.Zero);
        var healthySince = check.Report.Since;
        _result = HealthStatus.Unhealthy;
        Assert.That(await States(check, 4), Is.EqualTo(new[] { HealthState.Healthy, HealthState.Healthy, HealthState.Unhealthy, HealthState.Unhealthy }));
        Assert.That((check.Report.ConsecutiveFailures, check.Report.Since - healthySince), Is.EqualTo((4, TimeSpan.FromSeconds(90))));

        _result = HealthStatus.Healthy;
        Assert.That(await States(check, 2), Is.EqualTo(new[] { HealthState.Unhealthy, HealthState.Healthy }));
        Assert.That((check.Report.ConsecutiveFailures, check.Report.Runs), Is.EqualTo((0, 7)));
    }

    [Test]
    public async Task A_run_that_takes_too_long_fails_and_is_cancelled()
    {
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var check = Start(s_plan with { UnhealthyThreshold = 1 }, async token =>
        {
            token.Register(() => cancelled.SetResult());
            entered.SetResult();
            await cancelled.Task;
            return HealthCheckResult.Healthy();
        });
        _clock.Advance(TimeSpan.Zero);
        await entered.Task.WaitAsync(s_patience);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(check.Report.State, Is.EqualTo(HealthState.Unknown));

        await Pass(check, TimeSpan.FromSeconds(0.1));

        Assert.That((check.Report.State, check.Report.LastRun!.Duration, check.Report.LastError!.Description), Is.EqualTo((HealthState.Unhealthy, TimeSpan.FromSeconds(5), "it took longer than 5 s")));
        await cancelled.Task.WaitAsync(s_patience);
    }

    [Test]
    public async Task A_run_that_never_ends_is_not_begun_again_and_fails_once_an_interval([Values] bool blocksItsThread)
    {
        using var end = new ManualResetEventSlim();
        var ended = new TaskCompletionSource<HealthCheckResult>();
        using var entered = new SemaphoreSlim(0);
        var check = Start(s_plan, _ =>
        {
            _runs++;
            entered.Release();
            if (!blocksItsThread) return ended.Task;
            end.Wait(CancellationToken.None);
            return Task.FromResult(HealthCheckResult.Healthy());
        });
        _clock.Advance(TimeSpan.Zero);
        Assert.That(await entered.WaitAsync(s_patience), Is.True);
        await Pass(check, s_plan.Timeout);
        Assert.That(await States(check, 2), Is.EqualTo(new[] { HealthState.Unknown, HealthState.Unhealthy }));
        Assert.That((_runs, check.Report.LastRun!.Description), Is.EqualTo((1, "a run that began 65 s ago has not ended, although its time is over")));

        end.Set();
        ended.SetResult(HealthCheckResult.Healthy());
        await Within.Steps(_clock, s_plan.Interval, () => check.Report.State == HealthState.Healthy, "the check runs again after the run has ended");
        Assert.That(_runs, Is.GreaterThan(1));
    }

    [Test]
    public async Task A_slow_run_within_its_time_makes_the_next_one_wait_for_its_turn()
    {
        using var entered = new SemaphoreSlim(0);
        var end = new TaskCompletionSource<HealthCheckResult>();
        var check = Start(s_plan with { Timeout = TimeSpan.FromSeconds(100) }, _ =>
        {
            _runs++;
            entered.Release();
            return end.Task;
        });
        _clock.Advance(TimeSpan.Zero);
        Assert.That(await entered.WaitAsync(s_patience), Is.True);
        _clock.Advance(s_plan.Interval);
        _clock.Advance(s_plan.Interval);
        Assert.That((_runs, check.Report.Runs), Is.EqualTo((1, 0)));

        end.SetResult(HealthCheckResult.Healthy());
        await check.Turn.WaitAsync(s_patience);
        Assert.That((check.Report.State, check.Report.LastRun!.Duration), Is.EqualTo((HealthState.Healthy, TimeSpan.FromSeconds(60))));
    }

    [Test]
    public async Task A_check_that_hangs_delays_no_other()
    {
        using var entered = new SemaphoreSlim(0);
        var never = new TaskCompletionSource<HealthCheckResult>();
        Start(s_plan, _ =>
        {
            entered.Release();
            return never.Task;
        });
        var other = Start(s_plan with { Name = "other" });
        await Pass(other, TimeSpan.Zero);
        Assert.That(await entered.WaitAsync(s_patience), Is.True);
        for (var i = 0; i < 4; i++) await Pass(other, s_plan.Interval);
        Assert.That((other.Report.State, other.Report.Runs), Is.EqualTo((HealthState.Healthy, 5)));
        never.SetResult(HealthCheckResult.Healthy());
    }

    [Test]
    public async Task An_exception_is_a_failure_with_its_message()
    {
        var check = Start(s_plan with { UnhealthyThreshold = 1 }, _ => throw new InvalidOperationException("no pool"));
        await Pass(check, TimeSpan.Zero);
        Assert.That((check.Report.State, check.Report.LastError!.Description), Is.EqualTo((HealthState.Unhealthy, "no pool")));
    }

    [Test]
    public async Task A_failure_counts_as_what_the_check_says_failures_are()
    {
        var check = Start(s_plan with { UnhealthyThreshold = 1, FailureStatus = HealthStatus.Degraded }, _ => throw new InvalidOperationException());
        await Pass(check, TimeSpan.Zero);
        Assert.That(check.Report.State, Is.EqualTo(HealthState.Degraded));
    }

    [Test]
    public async Task Failures_in_the_grace_after_the_start_do_not_count()
    {
        _result = HealthStatus.Unhealthy;
        var check = Start(s_plan with { UnhealthyThreshold = 2, StartupGrace = TimeSpan.FromSeconds(60) });
        await Pass(check, TimeSpan.Zero);
        Assert.That(await States(check, 3), Is.EqualTo(new[] { HealthState.Unknown, HealthState.Unknown, HealthState.Unhealthy }));
        Assert.That((check.Report.ConsecutiveFailures, check.Report.Runs), Is.EqualTo((2, 4)), "Those at 0 s and 30 s were forgiven, those at 60 s and 90 s were not.");
    }

    [Test]
    public async Task After_the_first_success_the_grace_is_over()
    {
        var check = Start(s_plan with { UnhealthyThreshold = 2, StartupGrace = TimeSpan.FromHours(1) });
        await Pass(check, TimeSpan.Zero);
        _result = HealthStatus.Unhealthy;
        Assert.That(await States(check, 2), Is.EqualTo(new[] { HealthState.Healthy, HealthState.Unhealthy }));
    }

    [Test]
    public async Task The_history_holds_the_last_runs_oldest_first()
    {
        var check = Start(s_plan, _ => Task.FromResult(HealthCheckResult.Healthy($"run {++_runs}")));
        await Pass(check, TimeSpan.Zero);
        Assert.That(check.Report.History.Select(run => run.Description), Is.EqualTo(new[] { "run 1" }));
        await States(check, 4);
        Assert.That(check.Report.History.Select(run => run.Description), Is.EqualTo(new[] { "run 3", "run 4", "run 5" }));
        Assert.That(check.Report.History[1].At - check.Report.History[0].At, Is.EqualTo(s_plan.Interval));
    }

    [TestCase(0, 0)]
    [TestCase(1, 1)]
    public async Task The_history_has_the_size_that_is_set(int size, int expected)
    {
        var check = Start(s_plan with { HistorySize = size });
        await Pass(check, TimeSpan.Zero);
        await States(check, 2);
        Assert.That(check.Report.History, Has.Count.EqualTo(expected));
    }

    [Test]
    public async Task A_long_description_is_cut_off()
    {
        var check = Start(s_plan, _ => Task.FromResult(HealthCheckResult.Healthy(new string('x', 5000))));
        await Pass(check, TimeSpan.Zero);
        Assert.That(check.Report.LastRun!.Description, Has.Length.EqualTo(1000));
    }

    [Test]
    public async Task It_ends_with_a_run_under_way()
    {
        using var entered = new SemaphoreSlim(0);
        var check = Start(s_plan, async token =>
        {
            entered.Release();
            await Task.Delay(Timeout.Infinite, token);
            return HealthCheckResult.Healthy();
        });
        _clock.Advance(TimeSpan.Zero);
        Assert.That(await entered.WaitAsync(s_patience), Is.True);

        await check.StopAsync().WaitAsync(s_patience);

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That((check.Report.Runs, check.Report.State, entered.CurrentCount), Is.EqualTo((0, HealthState.Unknown, 0)), "What was cut off says nothing of health.");
    }

    [Test]
    public async Task Runs_do_not_belong_to_the_span_of_whoever_starts_them()
    {
        Activity? seen = new("none");
        using var source = new Activity("start").Start();
        var check = Start(s_plan, _ =>
        {
            seen = Activity.Current;
            return Task.FromResult(HealthCheckResult.Healthy());
        });
        source.Stop();
        await Pass(check, TimeSpan.Zero);
        Assert.That(seen, Is.Null);
    }

    private MonitoredCheck Start(CheckPlan plan, Func<CancellationToken, Task<HealthCheckResult>>? run = null)
    {
        var check = new MonitoredCheck(plan, run ?? Count, _clock, new Random(7));
        _running.Add(check);
        check.Start();
        return check;

        Task<HealthCheckResult> Count(CancellationToken cancellationToken)
        {
            _runs++;
            return Task.FromResult(new HealthCheckResult(_result));
        }
    }

    /// <summary>Lets time pass and a run that begins then end.</summary>
    private async Task Pass(MonitoredCheck check, TimeSpan time)
    {
        _clock.Advance(time);
        await check.Turn.WaitAsync(s_patience);
    }

    private async Task<List<HealthState>> States(MonitoredCheck check, int rounds)
    {
        var states = new List<HealthState>();
        for (var i = 0; i < rounds; i++)
        {
            await Pass(check, s_plan.Interval);
            states.Add(check.Report.State);
        }

        return states;
    }
}
