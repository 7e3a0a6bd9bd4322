using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Alerts;

/// <summary>From pending to resolved, and when handlers are told of it: exact to the second.</summary>
public class AlertEngineTests
{
    [Test]
    public async Task It_fires_after_its_duration_and_not_a_second_before()
    {
        using var bench = new AlertBench(options => options.Rules["Busy"] = AlertBench.Above(5, during: TimeSpan.FromSeconds(40)));
        bench.Gauge("load", ("", 9));

        await bench.Seconds(15);
        Assert.That(bench.Engine.Current.Single().State, Is.EqualTo(AlertState.Pending));
        await bench.Seconds(39);
        Assert.That((bench.Engine.Current.Single().State, bench.Told.Count), Is.EqualTo((AlertState.Pending, 0)));
        await bench.Seconds(1);
        Assert.That(bench.Engine.Current.Single().State, Is.EqualTo(AlertState.Firing));
        Assert.That(bench.Told, Is.EqualTo(new[] { "55 F Busy" }));
    }

    [Test]
    public async Task What_does_not_hold_long_enough_never_fires()
    {
        using var bench = new AlertBench(options => options.Rules["Busy"] = AlertBench.Above(5, during: TimeSpan.FromSeconds(40)));
        bench.Gauge("load", ("", 9));
        await bench.Seconds(44);
        bench.Gauge("load", ("", 1));
        await bench.Seconds(30);
        bench.Gauge("load", ("", 9));
        await bench.Seconds(30);

        Assert.That((bench.Engine.Current.Single().State, bench.Told.Count), Is.EqualTo((AlertState.Pending, 0)));
    }

    [Test]
    public async Task It_is_resolved_once_and_goes_on_firing_as_long_as_is_wanted()
    {
        using var bench = new AlertBench(options =>
        {
            options.GroupInterval = TimeSpan.Zero;
            options.Rules["Busy"] = AlertBench.Above(5) with { KeepFiringFor = TimeSpan.FromSeconds(20) };
        });
        bench.Gauge("load", ("", 9));
        await bench.Seconds(15);
        bench.Gauge("load", ("", 1));
        await bench.Seconds(600);

        // Seen to be over at 30.
        Assert.That(bench.Told, Is.EqualTo(new[] { "15 F Busy", "50 R Busy" }));
        Assert.That(bench.Handler.Told[1].Alerts.Single().ResolvedAt, Is.EqualTo(bench.Handler.Told[0].Time + TimeSpan.FromSeconds(35)));
        Assert.That(bench.Engine.Current, Is.Empty);
    }

    [Test]
    public async Task A_series_that_is_gone_resolves_its_alert()
    {
        using var bench = new AlertBench(options => (options.GroupInterval, options.Rules["Busy"]) = (TimeSpan.Zero, AlertBench.Above(5)));
        bench.Gauge("load", ("", 9));
        await bench.Seconds(15);
        bench.Remove("load");
        await bench.Seconds(15);

        Assert.That(bench.Told, Is.EqualTo(new[] { "15 F Busy", "30 R Busy" }));
    }

    [Test]
    public async Task A_group_waits_then_tells_changes_on_its_interval_and_repeats_what_stays()
    {
        using var bench = new AlertBench(options =>
        {
            options.GroupWait = TimeSpan.FromSeconds(20);
            options.GroupInterval = TimeSpan.FromSeconds(100);
            options.RepeatInterval = TimeSpan.FromSeconds(300);
            options.Rules["Busy"] = AlertBench.Above(5);
        });
        bench.Gauge("load", ("/a", 9), ("/b", 1));
        await bench.Seconds(40);
        bench.Gauge("load", ("/a", 9), ("/b", 9));
        await bench.Seconds(500);
        bench.Gauge("load", ("/a", 1), ("/b", 9));
        await bench.Seconds(200);

        Assert.That(bench.Told, Is.EqualTo(new[]
        {
            "35 F Busy /a", // first seen at 15
            "135 F Busy /a", "135 F Busy /b", // changed, 100 s after the last time
            "435 F Busy /a", "435 F Busy /b", // unchanged, 300 s after
            "555 F Busy /b", "555 R Busy /a", // changed at 555, more than 100 s after
        }));
    }

    [Test]
    public async Task Alerts_are_grouped_by_labels_and_what_they_have_in_common_is_told()
    {
        using var bench = new AlertBench(options =>
        {
            options.GroupBy.Clear();
            options.GroupBy.Add("path");
            options.Labels["service"] = "shop";
            options.Rules["Busy"] = AlertBench.Above(5) with { Annotations = new Dictionary<string, string> { ["summary"] = "{labels.path} has {value}" } };
            options.Rules["VeryBusy"] = AlertBench.Above(8) with { Severity = AlertSeverity.Critical, Labels = new Dictionary<string, string> { ["team"] = "a" } };
        });
        bench.Gauge("load", ("/a", 9), ("/b", 6));
        await bench.Seconds(15);

        var groups = bench.Handler.Told.OrderBy(one => one.GroupKey).ToList();
        Assert.That(groups.Select(group => group.GroupKey), Is.EqualTo(new[] { "{}:{path=\"/a\"}", "{}:{path=\"/b\"}" }));
        Assert.That(groups[0].Alerts.Select(alert => alert.Name), Is.EqualTo(new[] { "VeryBusy", "Busy" }), "the worst first");
        Assert.That(groups[0].CommonLabels, Is.EquivalentTo(new Dictionary<string, string> { ["path"] = "/a", ["service"] = "shop" }));
        Assert.That(groups[1].Alerts.Single().Annotations["summary"], Is.EqualTo("/b has 6"));
    }

    [Test]
    public async Task A_silence_mutes_what_begins_and_not_the_end_of_what_was_told()
    {
        using var bench = new AlertBench(options => (options.GroupInterval, options.RepeatInterval, options.Rules["Busy"]) = (TimeSpan.Zero, TimeSpan.FromSeconds(60), AlertBench.Above(5)));
        bench.Gauge("load", ("/a", 9), ("/b", 1));
        await bench.Seconds(15);
        bench.Engine.AddSilence("quiet", new AlertSilence { Matchers = new Dictionary<string, string> { ["path"] = "/*" }, Until = bench.Clock.GetUtcNow().AddSeconds(200) });
        bench.Gauge("load", ("/a", 9), ("/b", 9));
        await bench.Seconds(100);
        Assert.That(bench.Told, Is.EqualTo(new[] { "15 F Busy /a" }));
        Assert.That((bench.Engine.Current.Count, bench.Engine.Silences.Keys.Single()), Is.EqualTo((2, "quiet")));

        bench.Gauge("load", ("/a", 1), ("/b", 9));
        await bench.Seconds(15);
        Assert.That(bench.Told.Skip(1), Is.EqualTo(new[] { "120 R Busy /a" }));

        await bench.Seconds(90);
        Assert.That(bench.Told.Skip(2).First(), Is.EqualTo("215 F Busy /b"), "the silence ended at 215");
        Assert.That(bench.Engine.Silences, Is.Empty);
    }

    [Test]
    public void A_silence_without_matchers_or_with_an_end_that_has_passed_is_refused()
    {
        using var bench = new AlertBench(_ => { });

        Assert.Throws<ArgumentException>(() => bench.Engine.AddSilence("all", new AlertSilence()));
        Assert.Throws<ArgumentException>(() => bench.Engine.AddSilence("past", new AlertSilence { Matchers = new Dictionary<string, string> { ["a"] = "b" }, Until = bench.Clock.GetUtcNow() }));
        Assert.That(bench.Engine.RemoveSilence("all"), Is.False);
    }

    [Test]
    public async Task A_silence_that_is_removed_lets_alerts_be_told()
    {
        using var bench = new AlertBench(options =>
        {
            options.Rules["Busy"] = AlertBench.Above(5);
            options.Silences["night"] = new AlertSilence { Matchers = new Dictionary<string, string> { ["alertname"] = "Busy" } };
        });
        bench.Gauge("load", ("", 9));
        await bench.Seconds(30);
        Assert.That(bench.Told, Is.Empty);

        Assert.That(bench.Engine.RemoveSilence("night"), Is.True);
        await bench.Seconds(15);

        Assert.That(bench.Told, Is.EqualTo(new[] { "45 F Busy" }));
    }

    [Test]
    public async Task A_firing_alert_of_higher_severity_mutes_lower_ones_with_equal_labels()
    {
        using var bench = new AlertBench(options =>
        {
            options.Rules["Busy"] = AlertBench.Above(5);
            options.Rules["Down"] = AlertBench.Above(8) with { Severity = AlertSeverity.Critical };
            options.Inhibitions.Add(new AlertInhibition { Source = new Dictionary<string, string> { ["alertname"] = "Down" }, Equal = ["path"] });
        });
        bench.Gauge("load", ("/a", 9), ("/b", 6));
        await bench.Seconds(15);
        Assert.That(bench.Told, Is.EquivalentTo(new[] { "15 F Down /a", "15 F Busy /b" }));

        bench.Gauge("load", ("/a", 6), ("/b", 1));
        await bench.Seconds(300);
        Assert.That(bench.Told.Skip(2), Is.EquivalentTo(new[] { "315 R Down /a", "315 F Busy /a", "315 R Busy /b" }));
    }

    [Test]
    public async Task A_handler_hears_only_what_is_meant_for_it()
    {
        var options = new AlertBench.Made { MinSeverity = AlertSeverity.Critical, Where = new Dictionary<string, string> { ["path"] = "/a*" }, SendResolved = false };
        using var bench = new AlertBench(
            alerts =>
            {
                alerts.GroupInterval = TimeSpan.Zero;
                alerts.Rules["Busy"] = AlertBench.Above(5);
                alerts.Rules["Down"] = AlertBench.Above(8) with { Severity = AlertSeverity.Critical };
            },
            handler: options);
        bench.Gauge("load", ("/a1", 9), ("/b", 9));
        await bench.Seconds(15);
        bench.Gauge("load", ("/a1", 1), ("/b", 1));
        await bench.Seconds(60);

        Assert.That(bench.Told, Is.EqualTo(new[] { "15 F Down /a1" }));
    }

    [Test]
    public async Task A_handler_that_fails_is_reported_and_told_again_a_minute_later()
    {
        var errors = new List<TelemetryError>();
        TelemetryErrors.Reported += Listen;
        try
        {
            using var bench = new AlertBench(options => options.Rules["Busy"] = AlertBench.Above(5));
            bench.Gauge("load", ("", 9));
            bench.Handler.Failure = new InvalidOperationException("nobody is there");
            await bench.Seconds(20);
            bench.Handler.Failure = null;
            await bench.Seconds(60);

            Assert.That(bench.Told, Is.EqualTo(new[] { "75 F Busy" }));
            lock (errors) Assert.That(errors.Where(error => error.Problem.Contains("nobody is there", StringComparison.Ordinal)).Select(error => error.Diagnostic), Is.EqualTo(new[] { Diagnostic.AlertHandlerFailed }));
        }
        finally
        {
            TelemetryErrors.Reported -= Listen;
        }

        void Listen(TelemetryError error)
        {
            lock (errors) errors.Add(error);
        }
    }

    [Test]
    public async Task Without_a_rule_no_metric_is_read_until_there_is_one()
    {
        using var bench = new AlertBench(_ => { });
        bench.Gauge("load", ("", 9));
        await bench.Seconds(100);
        Assert.That((bench.Collections, bench.Engine.Due), Is.EqualTo((0, (DateTimeOffset?)null)));

        bench.Options.Rules["Busy"] = AlertBench.Above(5);
        bench.Engine.Change(bench.Options);
        await bench.Seconds(1);
        Assert.That((bench.Collections, bench.Told.Single()), Is.EqualTo((1, "101 F Busy")));

        bench.Options.Rules.Clear();
        bench.Engine.Change(bench.Options);
        bench.Gauge("load", ("", 1));
        await bench.Seconds(1000);
        var read = bench.Collections;
        await bench.Seconds(1000);
        Assert.That(bench.Collections, Is.EqualTo(read), "what was told is told to be over, and then there is nothing to do");
    }

    [Test]
    public async Task A_rule_that_fails_harms_no_other()
    {
        using var bench = new AlertBench(options =>
        {
            options.Rules["Broken"] = AlertBench.Above(1, "broken");
            options.Rules["Busy"] = AlertBench.Above(5);
        });
        bench.Gauge("load", ("", 9));
        bench.Broken("broken");
        await bench.Seconds(15);

        Assert.That(bench.Told, Is.EqualTo(new[] { "15 F Busy" }));
    }

    [Test]
    public async Task An_error_that_appears_for_the_first_time_is_an_increase()
    {
        using var bench = new AlertBench(options => options.Rules["Errors"] = AlertBench.Above(0, "errors_total", function: AlertFunction.Increase));
        bench.Counter("errors_total", ("/old", 1000));
        await bench.Seconds(45);
        Assert.That(bench.Engine.Current, Is.Empty, "they were there before");

        bench.Counter("errors_total", ("/old", 1000), ("/new", 1));
        await bench.Seconds(15);
        Assert.That(bench.Told, Is.EqualTo(new[] { "60 F Errors /new" }));

        bench.Counter("errors_total", ("/new", 1));
        await bench.Seconds(15);
        bench.Counter("errors_total", ("/old", 1000), ("/new", 1));
        await bench.Seconds(15);
        Assert.That(bench.Engine.Current.Select(alert => alert.Labels["path"]), Is.EqualTo(new[] { "/new" }), "one that was away for a moment is not new");
    }

    [Test]
    public async Task More_series_than_a_rule_looks_at_are_counted()
    {
        var before = TelemetryLosses.Counted("alerts", "alert_rules", "series_limit");
        using var bench = new AlertBench(options => options.Rules["Busy"] = AlertBench.Above(5));
        bench.Gauge("load", [.. Enumerable.Range(0, 1003).Select(i => ($"/{i}", 9.0))]);
        await bench.Seconds(15);

        Assert.That((bench.Engine.Current.Count, TelemetryLosses.Counted("alerts", "alert_rules", "series_limit") - before), Is.EqualTo((1000, 3)));
    }

    [Test]
    public async Task An_alert_of_an_unchanged_rule_keeps_its_state_when_rules_change()
    {
        using var bench = new AlertBench(options =>
        {
            options.GroupInterval = TimeSpan.FromSeconds(10);
            options.Rules["Busy"] = AlertBench.Above(5, during: TimeSpan.FromSeconds(60)) with { Labels = new Dictionary<string, string> { ["team"] = "a" } };
            options.Rules["Gone"] = AlertBench.Above(5);
        });
        bench.Gauge("load", ("", 9));
        await bench.Seconds(20);
        Assert.That(bench.Told, Is.EqualTo(new[] { "15 F Gone" }));

        var changed = new TelemetryAlertsOptions();
        changed.Rules["Busy"] = AlertBench.Above(5, during: TimeSpan.FromSeconds(60)) with { Labels = new Dictionary<string, string> { ["team"] = "a" } };
        changed.Rules["New"] = AlertBench.Above(5);
        bench.Engine.Change(changed);
        await bench.Seconds(60);

        Assert.That(bench.Told.Skip(1), Is.EquivalentTo(new[] { "30 R Gone", "30 F New", "75 F Busy" }), "pending since 15");
    }

    [Test]
    public async Task A_handler_that_hangs_holds_up_nobody()
    {
        using var bench = new AlertBench(options => options.Rules["Busy"] = AlertBench.Above(5));
        var hanging = new HangingHandler();
        using var other = new AlertEngine(bench.Options, () => new MetricCollection(), bench.Clock);
        await using var route = other.RouteTo("hanging", new AlertBench.Made(), hanging);
        bench.Gauge("load", ("", 9));
        var alert = await Firing(bench);

        route.Update(new Dictionary<string, Alert> { [alert.Fingerprint] = alert }, new HashSet<string>(), new Dictionary<string, Alert>(), bench.Clock.GetUtcNow());
        await hanging.Called.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(route.Sending.IsCompleted, Is.False);
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        await route.Sending.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(route.Groups.Values.Single().HasFailed, Is.True);
        hanging.End.SetResult();
    }

    private static async Task<Alert> Firing(AlertBench bench)
    {
        await bench.Seconds(15);
        return bench.Handler.Told.Single().Alerts.Single();
    }

    private sealed class HangingHandler : OtelTelemetry.Alerts.Handlers.AlertHandler
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask NotifyAsync(AlertNotification notification, CancellationToken cancellationToken)
        {
            Called.SetResult();
            await End.Task;
        }
    }
}
