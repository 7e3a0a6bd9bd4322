using OtelTelemetry.Alerts;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Tests.Alerts;

/// <summary>What alerts tell of themselves.</summary>
public class AlertSelfMetricsTests
{
    private string _name = "";

    [SetUp]
    public void Name() => _name = $"rule-{Guid.NewGuid():N}";

    [Test]
    public async Task What_is_pending_and_what_fires_is_counted_by_rule()
    {
        using var bench = new AlertBench(options => options.Rules[_name] = AlertBench.Above(5, during: TimeSpan.FromSeconds(40)));
        bench.Gauge("load", ("/a", 9), ("/b", 9), ("/c", 1));
        await bench.Seconds(15);
        Assert.That(Alerts(), Is.EqualTo((2, 0)));
        bench.Gauge("load", ("/a", 9), ("/b", 1), ("/c", 9));
        await bench.Seconds(45);
        Assert.That(Alerts(), Is.EqualTo((1, 1)));
        bench.Gauge("load", ("/a", 1), ("/b", 1), ("/c", 1));
        await bench.Seconds(15);
        Assert.That(Alerts(), Is.EqualTo((0, 0)));
        Assert.That(SelfMetrics.AlertRuleRuns.Get(_name, "ok"), Is.EqualTo(7), "every 15 s, and when a duration ends: at 55 s and 70 s");
    }

    [Test]
    public async Task A_rule_that_is_gone_has_no_alerts()
    {
        using var bench = new AlertBench(options => options.Rules[_name] = AlertBench.Above(5));
        bench.Gauge("load", ("", 9));
        await bench.Seconds(15);
        Assert.That(Alerts(), Is.EqualTo((0, 1)));

        bench.Engine.Change(new TelemetryAlertsOptions());

        Assert.That(Alerts(), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_rule_that_cannot_be_evaluated_says_so()
    {
        using var bench = new AlertBench(options => options.Rules[_name] = AlertBench.Above(5, "broken"));
        bench.Broken("broken");
        await bench.Seconds(15);
        Assert.That((SelfMetrics.AlertRuleRuns.Get(_name, "ok"), SelfMetrics.AlertRuleRuns.Get(_name, "error")), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Notifications_are_counted_by_handler_and_how_they_ended()
    {
        using var bench = new AlertBench(options => options.Rules[_name] = AlertBench.Above(5), handlerName: _name);
        bench.Gauge("load", ("", 9));
        bench.Handler.Failure = new InvalidOperationException("nobody is there");
        await bench.Seconds(20);
        bench.Handler.Failure = null;
        await bench.Seconds(60);
        Assert.That((SelfMetrics.AlertNotifications.Get(_name, "ok"), SelfMetrics.AlertNotifications.Get(_name, "error")), Is.EqualTo((1, 1)));
    }

    private (double Pending, double Firing) Alerts() => (SelfMetrics.Alerts.Get(_name, "pending"), SelfMetrics.Alerts.Get(_name, "firing"));
}
