using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Metrics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Monitoring;

public class PerformanceMonitorTests : MetricsTestBase
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static int s_names;

    /// <summary>Losses are counted in the whole process, so each collector has a name of its own.</summary>
    private string _name = "";

    [SetUp]
    public void ChooseName() => _name = $"monitor_{Interlocked.Increment(ref s_names)}";

    [Test]
    public async Task A_collector_runs_at_once_and_then_on_its_interval()
    {
        await using var monitor = Create(options => options.Interval = TimeSpan.FromSeconds(10));
        var runs = 0;
        monitor.RegisterCollector("slow", Counting(() => runs++));
        var fast = 0;
        monitor.RegisterCollector("fast", Counting(() => fast++), TimeSpan.FromSeconds(4));
        Assert.That((runs, fast), Is.EqualTo((0, 0)));

        monitor.Start();
        monitor.Start();
        await Advance(monitor, 0);
        Assert.That((runs, fast), Is.EqualTo((1, 1)));
        await Advance(monitor, 3.9);
        Assert.That((runs, fast), Is.EqualTo((1, 1)));
        await Advance(monitor, 0.1);
        Assert.That((runs, fast), Is.EqualTo((1, 2)));
        await Advance(monitor, 4);
        await Advance(monitor, 2);
        Assert.That((runs, fast), Is.EqualTo((2, 3)));
        var status = monitor.Collectors;
        Assert.That(status.Select(collector => (collector.Name, collector.Interval, collector.Runs)), Is.EqualTo(new[] { ("fast", TimeSpan.FromSeconds(4), 3L), ("slow", TimeSpan.FromSeconds(10), 2L) }));
        Assert.That(status[1].LastRun, Is.EqualTo(Clock.GetUtcNow()));
    }

    [Test]
    public async Task Each_run_comes_later_by_a_part_of_the_jitter_and_does_not_drift()
    {
        await using var monitor = Create(
            options =>
            {
                options.Interval = TimeSpan.FromSeconds(60);
                options.Jitter = TimeSpan.FromSeconds(10);
            },
            new Half());
        var runs = 0;
        monitor.RegisterCollector("jittery", Counting(() => runs++));
        monitor.Start();
        await Advance(monitor, 4.9);
        Assert.That(runs, Is.Zero);
        await Advance(monitor, 0.1);
        Assert.That(runs, Is.EqualTo(1));
        for (var minute = 1; minute <= 10; minute++)
        {
            await Advance(monitor, 59.9);
            Assert.That(runs, Is.EqualTo(minute));
            await Advance(monitor, 0.1);
            Assert.That(runs, Is.EqualTo(minute + 1));
        }
    }

    [Test]
    public async Task Those_that_are_due_together_come_later_together()
    {
        await using var monitor = Create(
            options =>
            {
                options.Interval = TimeSpan.FromSeconds(60);
                options.Jitter = TimeSpan.FromSeconds(10);
            },
            new Random(7));
        var runs = new List<(string Name, DateTimeOffset At)>();
        monitor.RegisterCollector("one", Counting(() => Add("one")));
        monitor.RegisterCollector("two", Counting(() => Add("two")));
        monitor.RegisterCollector("seldom", Counting(() => Add("seldom")), TimeSpan.FromSeconds(120));
        monitor.Start();
        for (var step = 0; step < 6100; step++) await Advance(monitor, 0.1);

        DateTimeOffset[] Of(string name) => [.. runs.Where(run => run.Name == name).Select(run => run.At)];
        Assert.That(Of("one"), Has.Length.EqualTo(11).And.EqualTo(Of("two")));
        Assert.That(Of("seldom"), Is.SubsetOf(Of("one")));
        var late = Of("one").Select((at, index) => at - Of("one")[0] - TimeSpan.FromMinutes(index)).ToList();
        Assert.That(late.Distinct().Count(), Is.GreaterThan(5), "each time another part");

        void Add(string name)
        {
            lock (runs) runs.Add((name, Clock.GetUtcNow()));
        }
    }

    [Test]
    public async Task One_that_fails_is_counted_and_told_and_stops_no_other_nor_itself()
    {
        var told = new List<TelemetryError>();
        using var errors = new Listening(told, _name);
        await using var monitor = Create();
        var good = 0;
        monitor.RegisterCollector(_name, _ => throw new InvalidDataException("no such table"));
        monitor.RegisterCollector("good", Counting(() => good++));
        monitor.Start();
        await Advance(monitor, 0);
        await Advance(monitor, 15);

        var status = monitor.Collectors.Single(collector => collector.Name == _name);
        Assert.That((status.Runs, status.Failures, status.LastProblem), Is.EqualTo((0L, 2L, "no such table")));
        Assert.That(good, Is.EqualTo(2));
        Assert.That(Lost("collector_failed"), Is.EqualTo(2));
        Assert.That(told.Select(error => (error.Problem, error.IsFirst)), Is.EqualTo(new[] { ("the collector failed", true), ("the collector failed", false) }));
        Assert.That(told[0].Exception, Is.InstanceOf<InvalidDataException>());
        Assert.That(Runs("error"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_run_that_fails_is_repeated_after_a_pause()
    {
        await using var monitor = Create(options =>
        {
            options.Retries = 2;
            options.RetryDelay = s_second;
        });
        var calls = 0;
        monitor.RegisterCollector(_name, _ => ++calls < 3 ? throw new IOException("away") : Task.CompletedTask);
        var run = monitor.CollectAsync();
        await Within.Time(() => calls == 1, "the first call");
        await Within.Steps(Clock, s_second, () => run.IsCompleted, "the third call");
        Assert.That((await run, calls), Is.EqualTo((true, 3)));
        var status = monitor.Collectors.Single();
        Assert.That((status.Runs, status.Failures, status.LastProblem), Is.EqualTo((1L, 0L, (string?)null)));
    }

    [Test]
    public async Task After_the_last_retry_the_run_has_failed_once()
    {
        await using var monitor = Create();
        var calls = 0;
        monitor.RegisterCollector(
            _name,
            _ =>
            {
                calls++;
                throw new IOException("away");
            },
            new MonitorCollectorOptions { Retries = 3 });
        var run = monitor.CollectAsync();
        await Within.Steps(Clock, s_second, () => run.IsCompleted, "the run has ended");
        Assert.That((await run, calls, monitor.Collectors.Single().Failures), Is.EqualTo((false, 4, 1L)));
        Assert.That(Lost("collector_failed"), Is.EqualTo(1));
    }

    [Test]
    public async Task One_that_hangs_is_given_up_and_not_called_again_while_that_call_runs()
    {
        var told = new List<TelemetryError>();
        using var errors = new Listening(told, _name);
        await using var monitor = Create(options => options.Timeout = TimeSpan.FromSeconds(3));
        var entered = 0;
        var gate = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var others = 0;
        monitor.RegisterCollector(_name, token =>
        {
            token.Register(() => cancelled.TrySetResult());
            Interlocked.Increment(ref entered);
            return gate.Task;
        });
        monitor.RegisterCollector("other", Counting(() => others++));

        var run = monitor.CollectAsync(_name);
        await Within.Steps(Clock, s_second, () => run.IsCompleted, "it is given up");
        await cancelled.Task;
        Assert.That(await monitor.CollectAsync(_name), Is.False);
        monitor.Start();
        for (var i = 0; i < 5; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(15));
            await monitor.RunningOf("other");
        }

        var status = monitor.Collectors.Single(collector => collector.Name == _name);
        Assert.That((entered, status.Timeouts, status.Failures), Is.EqualTo((1, 1L, 0L)));
        Assert.That(status.Skipped, Is.GreaterThanOrEqualTo(5));
        Assert.That(others, Is.EqualTo(5));
        Assert.That((Lost("collector_timeout"), Lost("collector_still_running")), Is.EqualTo((1.0, (double)status.Skipped)));
        Assert.That(told.First().Problem, Does.StartWith("the call took longer than 00:00:03"));

        gate.SetResult();
        await Within.Steps(Clock, TimeSpan.FromSeconds(15), () => entered > 1, "it is called again");
    }

    [Test]
    public async Task One_that_blocks_its_thread_is_given_up_as_well()
    {
        await using var monitor = Create(options => options.Timeout = TimeSpan.FromSeconds(3));
        using var gate = new ManualResetEventSlim();
        monitor.RegisterCollector(_name, _ =>
        {
            gate.Wait(CancellationToken.None); // As one that knows nothing of its token.
            return Task.CompletedTask;
        });
        var run = monitor.CollectAsync();
        await Within.Steps(Clock, s_second, () => run.IsCompleted, "it is given up");
        Assert.That(monitor.Collectors.Single().Timeouts, Is.EqualTo(1));
        gate.Set();
    }

    [Test]
    public async Task A_slow_one_never_overlaps_itself()
    {
        await using var monitor = Create(options =>
        {
            options.Interval = s_second;
            options.Timeout = TimeSpan.FromDays(1);
        });
        var (atOnce, most, calls) = (0, 0, 0);
        using var gate = new SemaphoreSlim(0);
        monitor.RegisterCollector(_name, async token =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            calls++;
            await gate.WaitAsync(token);
            Interlocked.Decrement(ref atOnce);
        });
        monitor.Start();
        Clock.Advance(TimeSpan.Zero);
        await Within.Time(() => calls == 1, "the first call");
        for (var i = 0; i < 5; i++) Clock.Advance(s_second);
        Assert.That((calls, monitor.Collectors.Single().Skipped), Is.EqualTo((1, 5L)));
        gate.Release();
        await monitor.RunningOf(_name);
        Clock.Advance(s_second);
        await Within.Time(() => calls == 2, "the next call");
        Assert.That(most, Is.EqualTo(1));
    }

    [Test]
    public async Task Stopping_tells_the_collectors_and_waits_for_none_that_hangs()
    {
        var monitor = Create();
        var gate = new TaskCompletionSource();
        var told = new TaskCompletionSource();
        var calls = 0;
        monitor.RegisterCollector(_name, token =>
        {
            token.Register(() => told.TrySetResult());
            calls++;
            return gate.Task;
        });
        monitor.Start();
        Clock.Advance(TimeSpan.Zero);
        await Within.Time(() => calls == 1, "the call");
        await monitor.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((calls, monitor.Collectors.Single().Failures), Is.EqualTo((1, 0L)));

        gate.SetResult();
        monitor.Start();
        Clock.Advance(TimeSpan.Zero);
        await Within.Time(() => calls == 2, "it begins again");
        await monitor.DisposeAsync();
        monitor.Start();
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.That((calls, await monitor.CollectAsync(_name)), Is.EqualTo((2, false)));
    }

    [Test]
    public async Task What_a_metrics_collector_records_is_a_metric_like_any_other()
    {
        await using var monitor = Create();
        monitor.RegisterMetric("cpu_usage", MetricKind.Gauge, _ =>
        {
            monitor.Record("cpu_usage", 12.5, ("type", "user"));
            monitor.Record("cpu_usage", 2.5, ("type", "system"));
            return Task.CompletedTask;
        });
        monitor.RegisterMetric("queue_length", MetricKind.Gauge, _ => Task.FromResult(42.0));
        monitor.RegisterMetric("jobs_done", MetricKind.Counter, _ => Task.FromResult(3.0));
        monitor.RegisterMetric(new HistogramOptions("size") { Buckets = [1, 10], Unit = "By" }, _ =>
        {
            monitor.Record("size", 5);
            return Task.CompletedTask;
        });

        Assert.That(await monitor.CollectAsync(), Is.True);
        Assert.That(await monitor.CollectAsync(), Is.True);

        Assert.That(Metrics.GetGauge("cpu_usage").Get("user"), Is.EqualTo(12.5));
        Assert.That(Metrics.GetGauge("queue_length").Get(), Is.EqualTo(42));
        Assert.That(Metrics.GetCounter("jobs_done").Get(), Is.EqualTo(6));
        Assert.That(Metrics.GetHistogram("size").With().GetSnapshot().BucketCounts, Is.EqualTo(new[] { 0, 2, 0 }));
    }

    [Test]
    public async Task The_last_values_of_each_metric_are_kept_and_no_more()
    {
        await using var monitor = Create(options => options.HistorySize = 20);
        monitor.RegisterMetric("load", MetricKind.Gauge, _ => Task.CompletedTask);
        var start = Clock.GetUtcNow();
        for (var i = 0; i < 50; i++)
        {
            monitor.Record("load", i, ("host", i % 2 == 0 ? "a" : "b"));
            Clock.Advance(s_second);
        }

        var history = monitor.GetHistory("load");
        Assert.That(history.Select(point => point.Value), Is.EqualTo(Enumerable.Range(30, 20)));
        Assert.That(history[0].Time, Is.EqualTo(start + TimeSpan.FromSeconds(30)));
        Assert.That(monitor.GetHistory("load", ("host", "b")).Select(point => point.Value), Is.EqualTo(Enumerable.Range(30, 20).Where(i => i % 2 == 1)));
        Assert.That(monitor.GetHistory("nothing"), Is.Empty);
    }

    [Test]
    public async Task The_ring_grows_step_by_step_and_keeps_the_order([Values(0, 1, 15, 16, 17, 40, 100)] int size)
    {
        await using var monitor = Create(options => options.HistorySize = size);
        for (var i = 1; i <= 130; i++)
        {
            monitor.Record("steps", i);
            Assert.That(monitor.GetHistory("steps").Select(point => point.Value), Is.EqualTo(Enumerable.Range(Math.Max(1, i - size + 1), Math.Min(i, size))));
        }
    }

    [Test]
    public async Task What_cannot_be_recorded_is_counted_and_not_kept()
    {
        await using var monitor = Create();
        monitor.RegisterMetric(_name, MetricKind.Gauge, _ => Task.CompletedTask);
        monitor.Record(_name, 1, ("a", "x"));
        monitor.Record(_name, 2, ("other", "x"));
        monitor.Record(_name, double.NaN, ("a", "x"));
        monitor.Record(null!, 1);
        monitor.Record("no name", 1);
        Assert.That(monitor.GetHistory(_name).Select(point => point.Value), Is.EqualTo(new[] { 1.0 }));
        Assert.That(monitor.GetHistory("no name"), Is.Empty);
        Assert.That(TelemetryLosses.Counted("metrics", _name, "label_mismatch"), Is.EqualTo(1));
        Assert.That(TelemetryLosses.Counted("metrics", _name, "not_a_number"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_label_that_is_none_loses_the_value_and_throws_nothing()
    {
        await using var monitor = Create();
        monitor.RegisterMetric(_name, MetricKind.Histogram, _ => Task.CompletedTask);
        var before = TelemetryLosses.Counted("metrics", "monitor", "invalid_name");
        monitor.Record(_name, 1, ("le", "x"));
        Assert.That(TelemetryLosses.Counted("metrics", "monitor", "invalid_name"), Is.GreaterThan(before));
        Assert.That(Metrics.GetMetric(_name), Is.Null);
        monitor.Record(_name, 1, ("size", "x"));
        Assert.That(Metrics.GetHistogram(_name).With("x").Count, Is.EqualTo(1));
    }

    [Test]
    public async Task Settings_say_type_and_interval_of_what_is_registered_by_name()
    {
        await using var monitor = Create(options =>
        {
            options.Metrics["cpu"] = new MonitoredMetricOptions { Type = MetricKind.Gauge, Interval = TimeSpan.FromSeconds(30), Labels = ["type"], Help = "Load.", Unit = "1" };
            options.Metrics["disk_total"] = new MonitoredMetricOptions { Type = MetricKind.Gauge };
        });
        monitor.RegisterCollector("cpu", _ => Task.CompletedTask);
        monitor.RegisterCollector("cpu.own", _ => Task.CompletedTask, s_second);
        monitor.Record("cpu", 0.5, ("type", "user"));
        monitor.Record("disk_total", 7, ("path", "/"));
        Assert.That(monitor.Collectors.Select(collector => collector.Interval), Is.EqualTo(new[] { TimeSpan.FromSeconds(30), s_second }));
        var gauge = Metrics.GetGauge("cpu");
        Assert.That((gauge.Get("user"), gauge.Help, gauge.Unit), Is.EqualTo((0.5, "Load.", "1")));
        Assert.That(Metrics.GetGauge("disk_total").Get("/"), Is.EqualTo(7), "without the settings the name would make it a counter");
    }

    [Test]
    public void What_is_wrong_is_told_when_it_is_registered()
    {
        using var monitor = Create();
        Metrics.CreateCounter("there");
        monitor.RegisterCollector("once", _ => Task.CompletedTask);
        Assert.Multiple(() =>
        {
            Assert.That(() => monitor.RegisterCollector("once", _ => Task.CompletedTask), Throws.ArgumentException.With.Message.Contains("'once'"));
            Assert.That(() => monitor.RegisterCollector(" ", _ => Task.CompletedTask), Throws.ArgumentException);
            Assert.That(() => monitor.RegisterCollector("x", _ => Task.CompletedTask, TimeSpan.Zero), Throws.ArgumentException.With.Message.Contains("Interval of collector 'x'"));
            Assert.That(() => monitor.RegisterCollector("x", _ => Task.CompletedTask, new MonitorCollectorOptions { Jitter = TimeSpan.FromHours(1) }), Throws.ArgumentException.With.Message.Contains("Jitter"));
            Assert.That(() => monitor.RegisterCollector("x", _ => Task.CompletedTask, new MonitorCollectorOptions { Retries = -1 }), Throws.ArgumentException.With.Message.Contains("Retries"));
            Assert.That(() => monitor.RegisterMetric("not a name", MetricKind.Gauge, _ => Task.FromResult(1.0)), Throws.ArgumentException);
            Assert.That(() => monitor.RegisterMetric("y", MetricKind.ExponentialHistogram, _ => Task.FromResult(1.0)), Throws.ArgumentException.With.Message.Contains("ExponentialHistogram"));
            Assert.That(() => monitor.RegisterMetric("there", MetricKind.Gauge, _ => Task.FromResult(1.0)), Throws.InstanceOf<DuplicateMetricException>());
        });
        Assert.That(monitor.Collectors.Select(collector => collector.Name), Is.EqualTo(new[] { "once" }));
    }

    [Test]
    public void All_wrong_settings_are_told_at_once()
    {
        var options = new MonitoringOptions { Interval = TimeSpan.Zero, Timeout = TimeSpan.FromDays(100), Retries = 1000, HistorySize = -1, RetryDelay = -s_second };
        options.Metrics["x"] = new MonitoredMetricOptions { Interval = TimeSpan.Zero, Type = MetricKind.UpDownCounter };
        options.System.Network.Exclude.Add("");
        options.System.Cpu.Interval = TimeSpan.Zero;
        var message = Assert.Throws<ArgumentException>(() => _ = new PerformanceMonitor(Metrics, options))!.Message;
        foreach (var part in new[] { "Interval", "Timeout", "Retries", "HistorySize", "RetryDelay", "Metrics.x.Interval", "Metrics.x.Type", "System.Network.Exclude", "System.Cpu.Interval" })
        {
            Assert.That(message, Does.Contain($"MonitoringOptions.{part}: "));
        }
    }

    [Test]
    public async Task A_thousand_collectors_are_the_most()
    {
        await using var monitor = Create();
        for (var i = 0; i < PerformanceMonitor.MostNames; i++) monitor.RegisterCollector($"c{i}", _ => Task.CompletedTask);
        Assert.That(() => monitor.RegisterCollector("more", _ => Task.CompletedTask), Throws.ArgumentException.With.Message.Contains("1000"));
        for (var i = 0; i < PerformanceMonitor.MostNames + 10; i++) monitor.Record($"m{i}", 1);
        Assert.That(monitor.GetHistory($"m{PerformanceMonitor.MostNames + 5}"), Is.Empty);
    }

    private PerformanceMonitor Create(Action<MonitoringOptions>? configure = null, Random? random = null)
    {
        var options = new MonitoringOptions { Jitter = TimeSpan.Zero };
        configure?.Invoke(options);
        return new PerformanceMonitor(Metrics, options, Clock, random);
    }

    /// <summary>Moves the clock and waits for the runs that began.</summary>
    private async Task Advance(PerformanceMonitor monitor, double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        foreach (var collector in monitor.Collectors) await monitor.RunningOf(collector.Name);
    }

    private double Lost(string reason) => TelemetryLosses.Counted("metrics", "monitor." + _name, reason);

    private double Runs(string result) => SelfMetrics.MonitorRuns.Get(_name, result);

    private static Func<CancellationToken, Task> Counting(Action count) => _ =>
    {
        count();
        return Task.CompletedTask;
    };

    private sealed class Half : Random
    {
        public override double NextDouble() => 0.5;
    }

    private sealed class Listening : IDisposable
    {
        private readonly List<TelemetryError> _told;
        private readonly string _component;

        public Listening(List<TelemetryError> told, string collector)
        {
            _told = told;
            _component = "monitor." + collector;
            TelemetryErrors.Reported += Hear;
        }

        public void Dispose() => TelemetryErrors.Reported -= Hear;

        private void Hear(TelemetryError error)
        {
            if (error.Component != _component) return;
            lock (_told) _told.Add(error);
        }
    }
}
