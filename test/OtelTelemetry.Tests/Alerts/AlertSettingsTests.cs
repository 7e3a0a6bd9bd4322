using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Handlers.Email;
using OtelTelemetry.Alerts.Handlers.Slack;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Tests.Configuration;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Alerts;

/// <summary>Alerts as an operator configures them, in an application.</summary>
public class AlertSettingsTests
{
    [Test]
    public void Rules_handlers_silences_and_inhibitions_are_read()
    {
        var alerts = TelemetrySettingsTests.Bind(
            ("Telemetry:Alerts:GroupBy", "alertname,path"), ("Telemetry:Alerts:RepeatInterval", "1h"),
            ("Telemetry:Alerts:Rules:Errors:Metric", "errors_total"), ("Telemetry:Alerts:Rules:Errors:Function", "rate"), ("Telemetry:Alerts:Rules:Errors:Threshold", "0.5"), ("Telemetry:Alerts:Rules:Errors:For", "5m"),
            ("Telemetry:Alerts:Rules:Errors:Where:path", "/api/*"), ("Telemetry:Alerts:Rules:Off:Enabled", "false"),
            ("Telemetry:Alerts:Handlers:Ops:Type", "slack"), ("Telemetry:Alerts:Handlers:Ops:WebhookUrl", "https://hooks.slack.com/services/a"), ("Telemetry:Alerts:Handlers:Ops:MinSeverity", "critical"),
            ("Telemetry:Alerts:Handlers:Ops:Delivery:MaxAttempts", "3"),
            ("Telemetry:Alerts:Silences:Night:Matchers:alertname", "Err*"), ("Telemetry:Alerts:Silences:Night:Until", "2026-03-14T15:00:00Z"),
            ("Telemetry:Alerts:Inhibitions:0:Source:alertname", "Down"), ("Telemetry:Alerts:Inhibitions:0:Equal", "path,service")).Options.Alerts;

        Assert.That(alerts.GroupBy, Is.EqualTo(new[] { "alertname", "path" }));
        Assert.That(alerts.Rules.Single().Value, Is.EqualTo(new AlertRule
        {
            Metric = "errors_total", Function = AlertFunction.Rate, Threshold = 0.5, For = TimeSpan.FromMinutes(5), Where = new Dictionary<string, string> { ["path"] = "/api/*" },
        }));
        var slack = (SlackAlertHandlerOptions)alerts.Handlers["ops"];
        Assert.That((slack.MinSeverity, slack.WebhookUrl, slack.Delivery.MaxAttempts), Is.EqualTo((AlertSeverity.Critical, new Uri("https://hooks.slack.com/services/a"), (int?)3)));
        Assert.That(alerts.Silences["Night"].Until, Is.EqualTo(new DateTimeOffset(2026, 3, 14, 15, 0, 0, TimeSpan.Zero)));
        Assert.That(alerts.Inhibitions.Single().Equal, Is.EqualTo(new[] { "path", "service" }));
    }

    [Test]
    public void Everything_that_is_wrong_is_told_at_once_and_no_secret()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            ("Telemetry:Alerts:Interval", "1ms"), ("Telemetry:Alerts:Rules:A:Metric", "m"), ("Telemetry:Alerts:Rules:A:Window", "0s"), ("Telemetry:Alerts:Rules:A:Function", "mean"),
            ("Telemetry:Alerts:Rules:A:Annotations:summary", "{nothing}"), ("Telemetry:Alerts:Rules:B:Threshold", "1"), ("Telemetry:Alerts:Handlers:X:Type", "Pigeon"),
            ("Telemetry:Alerts:Handlers:Slack:WebhookUrl", "hooks/secret"), ("Telemetry:Alerts:Handlers:PagerDuty:Source", "a"), ("Telemetry:Alerts:Handlers:Email:Host", "smtp"),
            ("Telemetry:Alerts:Handlers:Email:Password", "secret"), ("Telemetry:Alerts:Silences:S:Comment", "c")));

        Assert.That(error!.Message, Does.Not.Contain("secret"));
        Assert.That(error.Errors.Select(one => one.Setting).Distinct(), Is.EquivalentTo(new[]
        {
            "Telemetry:Alerts:Interval", "Telemetry:Alerts:Rules:A:Window", "Telemetry:Alerts:Rules:A:Function", "Telemetry:Alerts:Rules:A:Annotations:summary", "Telemetry:Alerts:Rules:B:Metric",
            "Telemetry:Alerts:Handlers:X:Type", "Telemetry:Alerts:Handlers:Slack:WebhookUrl", "Telemetry:Alerts:Handlers:PagerDuty:RoutingKey", "Telemetry:Alerts:Handlers:Email:Username",
            "Telemetry:Alerts:Handlers:Email:From", "Telemetry:Alerts:Handlers:Email:To", "Telemetry:Alerts:Silences:S:Matchers",
        }), error.Message);
    }

    [Test]
    public void Every_handler_can_be_named_in_the_configuration()
    {
        var types = typeof(AlertHandlerOptions).Assembly.GetExportedTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(AlertHandlerOptions))).ToList();

        Assert.That(types, Has.Count.EqualTo(6).And.Count.EqualTo(AlertHandlerRegistry.All.Count));
        Assert.That(new EmailAlertHandlerOptions().Check(), Is.Not.Empty);
    }

    [Test]
    public async Task An_application_is_told_and_its_rules_follow_the_configuration()
    {
        var clock = new FakeClock();
        var recording = new AlertBench.RecordingHandler();
        using var folder = new SettingFolder();
        var configuration = folder.Json("a.json", Json("5")).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(clock);
        services.AddPepperTelemetry(options => options.ServiceName = "shop").AddAlertHandler("own", _ => recording);
        await using var provider = services.BuildServiceProvider();
        var telemetry = provider.GetRequiredService<TelemetryManager>();
        await telemetry.StartAsync(CancellationToken.None);
        telemetry.Metrics.CreateGauge("alert_settings_load").Set(9);

        clock.Advance(TimeSpan.FromSeconds(15));
        await telemetry.Alerts.SettledAsync();
        Assert.That(recording.Told.Single().Alerts.Single().Labels, Is.EquivalentTo(new Dictionary<string, string> { ["alertname"] = "Busy", ["service"] = "shop", ["severity"] = "warning" }));

        folder.Write("a.json", Json("\"many\""));
        configuration.Reload();
        clock.Advance(TimeSpan.FromSeconds(15));
        await telemetry.Alerts.SettledAsync();
        Assert.That(telemetry.Alerts.Current, Has.Count.EqualTo(1), "wrong, so that it stays as it was");

        folder.Write("a.json", Json("50"));
        configuration.Reload();
        clock.Advance(TimeSpan.FromSeconds(15));
        await telemetry.Alerts.SettledAsync();
        Assert.That((telemetry.Alerts.Current.Count, recording.Told[^1].IsFiring), Is.EqualTo((0, false)));
        await telemetry.ShutdownAsync();

        static string Json(string threshold) =>
            $$"""{ "Telemetry": { "Alerts": { "GroupWait": "0s", "GroupInterval": "0s", "Rules": { "Busy": { "Metric": "alert_settings_load", "Threshold": {{threshold}} } } } } }""";
    }
}
