using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health;
using OtelTelemetry.Health.Running;
using OtelTelemetry.Instruments;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Health;

public class HealthMonitorTests : MetricsTestBase
{
    private readonly Dictionary<string, HealthStatus> _results = new(StringComparer.Ordinal);
    private readonly List<string> _changes = [];

    [SetUp]
    public void Begin()
    {
        _results.Clear();
        _changes.Clear();
    }

    [Test]
    public async Task Groups_are_tags_and_readiness_is_what_is_not_liveness()
    {
        await using var monitor = Create(("plain", []), ("alive", ["live"]), ("both", ["LIVE", "ready"]), ("db", ["sql"]));

        Assert.That(Names(monitor, "live"), Is.EqualTo(new[] { "alive", "both" }));
        Assert.That(Names(monitor, "ready"), Is.EqualTo(new[] { "both", "db", "plain" }));
        Assert.That(Names(monitor, "SQL"), Is.EqualTo(new[] { "db" }));
        Assert.That(monitor.GetReport("nosql"), Is.Null);
        Assert.That(monitor.GetReport().Checks.Select(check => check.Name), Is.EqualTo(new[] { "alive", "both", "db", "plain" }));
    }

    [Test]
    public async Task Without_checks_everything_is_healthy()
    {
        await using var monitor = Create();
        Assert.That(new[] { monitor.GetReport().State, monitor.GetReport("live")!.State, monitor.GetReport("ready")!.State }, Has.All.EqualTo(HealthState.Healthy));
    }

    [TestCase(HealthStatus.Healthy, HealthStatus.Degraded, HealthState.Degraded)]
    [TestCase(HealthStatus.Healthy, HealthStatus.Unhealthy, HealthState.Unhealthy)]
    [TestCase(HealthStatus.Degraded, HealthStatus.Unhealthy, HealthState.Unhealthy)]
    [TestCase(HealthStatus.Healthy, null, HealthState.Unknown)]
    [TestCase(HealthStatus.Degraded, null, HealthState.Unknown)]
    [TestCase(HealthStatus.Unhealthy, null, HealthState.Unhealthy)]
    public async Task The_worst_decides(HealthStatus one, HealthStatus? other, HealthState expected)
    {
        _results["one"] = one;
        if (other is { } result) _results["other"] = result;
        await using var monitor = Create(("one", []), ("other", []));
        monitor.Checks[0].Start();
        if (other is not null) monitor.Checks[1].Start();
        await Round(monitor, TimeSpan.Zero);
        Assert.That(monitor.GetReport().State, Is.EqualTo(expected));
    }

    [Test]
    public async Task The_metrics_have_the_documented_names()
    {
        _results["b"] = HealthStatus.Degraded;
        await using var monitor = Create(("a", []), ("b", []));
        Assert.That(Metrics.GetGauge("health_check_status").Get("a"), Is.Zero);

        monitor.Start();
        await Round(monitor, TimeSpan.Zero);
        await Round(monitor, TimeSpan.FromSeconds(30));

        Assert.That(Metrics.GetGauge("health_status").Get(), Is.EqualTo(2));
        Assert.That(Metrics.GetCounter("health_checks_total").Get(), Is.EqualTo(4));
        Assert.That(Metrics.GetHistogram("health_check_duration_seconds").Get()!.Count, Is.EqualTo(4));
        Assert.That((Metrics.GetGauge("health_check_status").Get("a"), Metrics.GetGauge("health_check_status").Get("b")), Is.EqualTo((1, 2)));
        Assert.That(Metrics.GetCounter("health_check_runs_total").Get("b", "degraded"), Is.EqualTo(2));
        Assert.That(Metrics.GetGauge("health_check_last_duration_seconds").Get("a"), Is.Zero);
    }

    [Test]
    public async Task Another_metric_of_the_name_costs_the_metrics_and_nothing_else()
    {
        Metrics.CreateCounter("health_check_status", "", "other");
        await using var monitor = Create(("a", []));
        monitor.Start();
        await Round(monitor, TimeSpan.Zero);
        Assert.That(monitor.GetReport().State, Is.EqualTo(HealthState.Healthy));
    }

    [Test]
    public async Task A_change_of_state_is_an_event_with_old_and_new_state()
    {
        await using var monitor = Create(("db", []));
        monitor.Start();
        await Round(monitor, TimeSpan.Zero);
        _results["db"] = HealthStatus.Unhealthy;
        for (var i = 0; i < 3; i++) await Round(monitor, TimeSpan.FromSeconds(30));

        var events = Registry.Events.GetEvents(new() { Name = HealthMonitor.StateChangedEvent });
        Assert.That(events, Has.Count.EqualTo(2));
        var value = (IReadOnlyDictionary<string, object?>)events[0].Value!;
        Assert.That(events[0].Labels["check"], Is.EqualTo("db"));
        Assert.That((value["old_state"], value["new_state"], value["consecutive_failures"], value["description"]), Is.EqualTo(("healthy", "unhealthy", 2, "says db")));
        Assert.That(_changes, Is.EqualTo(new[] { "db Unknown Healthy", "db Healthy Unhealthy" }));
    }

    [Test]
    public async Task A_thousand_questions_at_once_run_nothing()
    {
        await using var monitor = Create(("db", []));
        monitor.Start();
        await Round(monitor, TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => monitor.GetReport("ready")!.State)));
        Assert.That(monitor.GetReport().Checks.Single().Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_made_for_it_ends_with_it()
    {
        var check = new Owned();
        var monitor = new HealthMonitor([], [check], null, null, Clock);
        await monitor.DisposeAsync();
        Assert.That((check.Disposals, monitor.IsStopping), Is.EqualTo((1, true)));
        await monitor.DisposeAsync();
        Assert.That(check.Disposals, Is.EqualTo(1));
    }

    private static IEnumerable<string> Names(HealthMonitor monitor, string group) => monitor.GetReport(group)!.Checks.Select(check => check.Name);

    private async Task Round(HealthMonitor monitor, TimeSpan time)
    {
        Clock.Advance(time);
        foreach (var check in monitor.Checks) await check.Turn.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private HealthMonitor Create(params (string Name, string[] Tags)[] checks)
    {
        // What is to be unhealthy from the beginning is so after its first run.
        var all = new TelemetryHealthOptions { Jitter = 0, UnhealthyThreshold = _results.ContainsValue(HealthStatus.Unhealthy) ? 1 : 2 };
        var metrics = HealthMetrics.TryCreate(Metrics);
        var monitor = new HealthMonitor(
            checks.Select(check => (CheckPlan.Of(check.Name, all, new RegisteredHealthCheckOptions { Tags = check.Tags }), new HealthCheckFunction(_ => Run(check.Name)))),
            [], metrics, Registry.Events, Clock);
        foreach (var check in monitor.Checks) Assert.That(check.Report.State, Is.EqualTo(HealthState.Unknown));
        monitor.StateChanged += change =>
        {
            lock (_changes) _changes.Add($"{change.Check.Name} {change.OldState} {change.Check.State}");
        };
        return monitor;
    }

    private Task<HealthCheckResult> Run(string name) => Task.FromResult(new HealthCheckResult(_results.GetValueOrDefault(name, HealthStatus.Healthy), $"says {name}"));

    private sealed class Owned : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
