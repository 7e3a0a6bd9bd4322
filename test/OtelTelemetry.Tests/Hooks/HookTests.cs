using System.Collections.Concurrent;
using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Hooks;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Hooks;

/// <summary>What hooks hear, and that one that throws, is slow or hangs harms nobody but itself.</summary>
public class HookTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private FakeClock _clock = null!;
    private MetricsRegistry _registry = null!;
    private MetricsCollector _metrics = null!;
    private string _name = null!;
    private ConcurrentQueue<TelemetryError> _errors = null!;

    private TelemetryHooks Hooks => _registry.Hooks;

    [SetUp]
    public void Create()
    {
        _clock = new FakeClock();
        _registry = new MetricsRegistry(events: null, _clock);
        _name = "h" + Guid.NewGuid().ToString("N");
        _metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = _registry, TimeProvider = _clock, MeterName = _name });
        _errors = [];
        TelemetryErrors.Reported += KeepError;
    }

    [TearDown]
    public void Dispose()
    {
        TelemetryErrors.Reported -= KeepError;
        _metrics.Dispose();
    }

    [Test]
    public async Task A_record_hook_hears_what_was_applied_in_its_order_with_tags_metadata_and_time()
    {
        var heard = new ConcurrentQueue<Metric>();
        using var hook = Hooks.OnRecord(heard.Enqueue, Named(_name));
        _metrics.CreateCounter("orders_total", "", "status");

        _metrics.Record("orders_total", 2, MetricTags.Of(("status", "ok")), new Dictionary<string, object?> { ["order"] = 7 });
        _metrics.Record("orders_total", -1, ("status", "ok")); // Left out: a counter only grows.
        for (var i = 0; i < 100; i++) _metrics.Record("orders_total", i, ("status", "ok"));
        await Hooks.FlushAsync();

        Assert.That(heard.Select(metric => metric.Value), Is.EqualTo(new double[] { 2 }.Concat(Enumerable.Range(0, 100).Select(i => (double)i))));
        Assert.That(heard.First().Tags.ToString(), Is.EqualTo("{status=\"ok\"}"));
        Assert.That(heard.First().Metadata!["order"], Is.EqualTo(7));
        Assert.That(heard.Select(metric => metric.Timestamp), Is.All.EqualTo(_clock.GetUtcNow()));
        Assert.That(Runs("ok"), Is.EqualTo(101));
    }

    [Test]
    public async Task A_throwing_hook_harms_nobody_and_its_metrics_say_so()
    {
        var heard = 0;
        using var bad = Hooks.OnRecord(_ => throw new InvalidOperationException("no"), Named(_name));
        using var good = Hooks.OnRecord(_ => Interlocked.Increment(ref heard), Named(_name + "_good"));

        for (var i = 0; i < 50; i++) _metrics.Record("things_total", 1);
        await Hooks.FlushAsync();

        Assert.That(heard, Is.EqualTo(50));
        Assert.That(_metrics.GetStats().Applied, Is.EqualTo(50));
        Assert.That((Runs("error"), Runs("ok")), Is.EqualTo((50, 0)));
        Assert.That(Reported().Count(error => error.IsFirst), Is.EqualTo(1), "loud once");
        Assert.That(Reported()[0].Problem, Does.Contain(_name).And.Contain("InvalidOperationException"));
        Assert.That(Reported()[0].Exception!.Message, Is.EqualTo("no"));
        Assert.That(Reported()[0].Remedy, Is.Not.Empty);
    }

    [Test]
    public async Task A_hanging_hook_harms_nobody_and_its_metrics_say_so()
    {
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        using var others = new CountdownEvent(1000);
        var hanging = Hooks.OnRecord(
            _ =>
            {
                entered.Set();
                release.Wait();
            },
            Named(_name) with { QueueCapacity = 10, TimeLimit = TimeSpan.FromSeconds(2) });
        using var good = Hooks.OnRecord(_ => others.Signal(), Named(_name + "_good"));

        _metrics.Record("things_total", 1);
        Assert.That(entered.Wait(s_patience), Is.True);
        for (var i = 0; i < 999; i++) _metrics.Record("things_total", 1); // Would never end if a hook were waited for.
        Assert.That(others.Wait(s_patience), Is.True, "its neighbour hears everything");
        Assert.That(Reported(), Is.Empty, "it may still be merely slow");
        _clock.Advance(TimeSpan.FromSeconds(3));
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That(_metrics.GetStats().Applied, Is.EqualTo(1000));
        Assert.That(Runs("timeout"), Is.EqualTo(1), "counted while it hangs, once");
        Assert.That(Dropped("buffer_full"), Is.EqualTo(1000 - 1 - 10));
        Assert.That(Reported(), Has.Length.EqualTo(1));
        Assert.That(Reported()[0].Problem, Does.Contain("longer than its limit of 00:00:02"));
        Assert.That(Reported()[0].Remedy, Does.Contain("TimeLimit"));

        hanging.Dispose(); // Does not wait either.
        Assert.That(Dropped("stopped"), Is.EqualTo(10));
        release.Set();
        await Hooks.FlushAsync();
        Assert.That((Runs("timeout"), Runs("ok")), Is.EqualTo((1, 0)), "the one run is counted once");
    }

    [Test]
    public async Task A_slow_hook_goes_on_and_its_metrics_say_so()
    {
        var heard = 0;
        using var slow = Hooks.OnRecord(
            _ =>
            {
                if (++heard <= 2) _clock.Advance(TimeSpan.FromSeconds(7));
            },
            Named(_name));

        for (var i = 0; i < 5; i++) _metrics.Record("things_total", 1);
        await Hooks.FlushAsync();

        Assert.That(heard, Is.EqualTo(5));
        Assert.That((Runs("timeout"), Runs("ok"), Runs("error")), Is.EqualTo((2, 3, 0)));
        Assert.That(Reported(), Has.Length.EqualTo(1), "reported once");
        var durations = SelfMetrics.HookDuration.Get(_name)!;
        Assert.That((durations.Count, durations.Sum), Is.EqualTo((5, 14.0)));
    }

    [Test]
    public async Task A_hook_that_has_ended_hears_nothing_more_and_recording_costs_nothing_for_it()
    {
        var heard = 0;
        var hook = Hooks.OnRecord(_ => heard++, Named(_name));
        _metrics.Record("things_total", 1);
        await Hooks.FlushAsync();

        hook.Dispose();
        hook.Dispose();
        _metrics.Record("things_total", 1);
        await Hooks.FlushAsync();

        Assert.That(heard, Is.EqualTo(1));
        Assert.That(_registry.HookPoints.Record, Is.Null);
    }

    [Test]
    public void Recording_with_a_hook_allocates_nothing()
    {
        using var release = new ManualResetEventSlim();
        using var hook = Hooks.OnRecord(_ => release.Wait(), Named(_name) with { QueueCapacity = 16 });
        var tags = MetricTags.Of(("a", "b"));
        for (var i = 0; i < 100; i++) _metrics.Record("things_total", 1, tags);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _metrics.Record("things_total", 1, tags);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        release.Set();

        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public async Task Hooks_that_answer_each_other_come_to_rest()
    {
        using var ping = Hooks.OnEvent(_ => _metrics.RecordEvent("pong"), Named(_name));
        using var pong = Hooks.OnEvent(_ => _metrics.RecordEvent("ping"), Named(_name));

        _metrics.RecordEvent("ping");
        await Hooks.FlushAsync();
        await Hooks.FlushAsync();

        Assert.That(_registry.Events.Count, Is.EqualTo(3));
        Assert.That(Runs("ok"), Is.EqualTo(2));
    }

    [Test]
    public async Task An_error_hook_hears_of_other_hooks_but_never_of_error_hooks()
    {
        var heard = new ConcurrentQueue<string>();
        using var errors = Hooks.OnError(
            error =>
            {
                if (error.Component.Contains(_name, StringComparison.Ordinal)) heard.Enqueue(error.Component);
                throw new InvalidOperationException();
            },
            Named(_name + "_errors"));
        using var bad = Hooks.OnEvent(_ => throw new InvalidOperationException(), Named(_name));

        _metrics.RecordEvent("one");
        await Hooks.FlushAsync();
        await Hooks.FlushAsync();

        Assert.That(heard, Is.EqualTo(new[] { "hook_" + _name }));
        Assert.That(_errors.Select(error => error.Component), Has.Some.EqualTo($"hook_{_name}_errors"), "it is still reported, to the log");
    }

    [Test]
    public async Task A_flush_ends_with_its_token_where_a_hook_hangs()
    {
        using var release = new ManualResetEventSlim();
        using var hook = Hooks.OnEvent(_ => release.Wait(), Named(_name));
        using var cancel = new CancellationTokenSource();
        _metrics.RecordEvent("one");

        var flush = Hooks.FlushAsync(cancel.Token);
        Assert.That(flush.IsCompleted, Is.False);
        await cancel.CancelAsync();
        await flush;
        release.Set();
    }

    [TestCase(0, 1, "QueueCapacity")]
    [TestCase(1, 0, "TimeLimit")]
    public void A_wrong_setting_is_told(int capacity, int seconds, string property)
    {
        var error = Assert.Throws<ArgumentException>(() => Hooks.OnEvent(_ => { }, new HookOptions { QueueCapacity = capacity, TimeLimit = TimeSpan.FromSeconds(seconds) }));
        Assert.That(error!.Message, Does.Contain("HookOptions." + property).And.Contain("Allowed"));
    }

    private static HookOptions Named(string name) => new() { Name = name };

    private void KeepError(TelemetryError error) => _errors.Enqueue(error);

    private TelemetryError[] Reported() => [.. _errors.Where(error => error.Component == "hook_" + _name)];

    private double Runs(string result) => SelfMetrics.HookRuns.Get(_name, result);

    private double Dropped(string reason) => TelemetryLosses.Counted("hooks", "hook_" + _name, reason);
}
