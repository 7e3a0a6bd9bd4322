using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Handlers.Alertmanager;
using OtelTelemetry.Alerts.Handlers.Email;
using OtelTelemetry.Alerts.Handlers.Log;
using OtelTelemetry.Alerts.Handlers.PagerDuty;
using OtelTelemetry.Alerts.Handlers.Slack;
using OtelTelemetry.Alerts.Handlers.Webhook;
using OtelTelemetry.Delivery;
using OtelTelemetry.Tests.Delivery;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Alerts;

/// <summary>What handlers send, byte for byte as far as it is documented by those who receive it, and that no key is ever shown.</summary>
public class AlertHandlerTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset s_time = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Slack_gets_a_message_with_an_attachment_an_alert()
    {
        var body = await Sent(address => new SlackAlertHandlerOptions { WebhookUrl = new Uri(address, "/services/T0/B0/secretsecret"), Channel = "#ops" }, Firing(), Resolved());

        var message = body.RootElement;
        Assert.That((message.GetProperty("channel").GetString(), message.GetProperty("text").GetString()), Is.EqualTo(("#ops", "[FIRING:1] Busy (shop)")));
        var attachments = message.GetProperty("attachments").EnumerateArray().ToList();
        Assert.That(attachments.Select(one => one.GetProperty("color").GetString()), Is.EqualTo(new[] { "danger", "good" }));
        Assert.That(attachments[0].GetProperty("title").GetString(), Is.EqualTo("Busy (critical) firing"));
        Assert.That(attachments[0].GetProperty("text").GetString(), Is.EqualTo("&lt;!everyone&gt; load is 9 &amp; more\npath=/a, service=shop"));
        Assert.That(attachments[1].GetProperty("footer").GetString(), Is.EqualTo("from 2026-03-14 14:00:00Z to 2026-03-14 15:00:00Z"));
        Assert.That(attachments[0].GetProperty("ts").GetInt64(), Is.EqualTo(s_time.AddHours(-1).ToUnixTimeSeconds()));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task PagerDuty_gets_an_event_an_alert(bool delivered)
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Status(202));
        await Notify(new PagerDutyAlertHandlerOptions { RoutingKey = Key, Url = server.Address, Source = "machine" }, delivered, Firing(), Resolved());

        Assert.That(server.Requests, Has.Count.EqualTo(2));
        using var trigger = JsonDocument.Parse(server.Requests[0].Body);
        var payload = trigger.RootElement.GetProperty("payload");
        Assert.That(trigger.RootElement.EnumerateObject().Select(one => one.Name), Is.EqualTo(new[] { "routing_key", "event_action", "dedup_key", "payload" }));
        Assert.That(Texts(trigger.RootElement, "routing_key", "event_action", "dedup_key"), Is.EqualTo(new[] { Key, "trigger", "f1" }));
        Assert.That(
            Texts(payload, "summary", "source", "severity", "timestamp", "component", "group", "class"),
            Is.EqualTo(new[] { "<!everyone> load is 9 & more", "machine", "critical", "2026-03-14T14:00:00.000Z", "shop", "Busy", "Busy" }));
        Assert.That(payload.GetProperty("custom_details").GetProperty("labels").GetProperty("path").GetString(), Is.EqualTo("/a"));
        Assert.That(server.Requests[1].Body, Is.EqualTo($$"""{"routing_key":"{{Key}}","event_action":"resolve","dedup_key":"f2"}"""));
    }

    [Test]
    public async Task A_webhook_gets_the_form_of_Alertmanager()
    {
        var body = await Sent(address => new WebhookAlertHandlerOptions { Url = address }, Firing(), Resolved());

        Assert.That(body.RootElement.ToString(), Is.EqualTo(
            """
            {"version":"4","groupKey":"{}:{alertname=\"Busy\"}","truncatedAlerts":0,"status":"firing","receiver":"Ops","groupLabels":{"alertname":"Busy"},
            "commonLabels":{"alertname":"Busy","service":"shop","severity":"critical"},"commonAnnotations":{"summary":"<!everyone> load is 9 & more"},"externalURL":"",
            "alerts":[{"status":"firing","labels":{"alertname":"Busy","path":"/a","service":"shop","severity":"critical"},"annotations":{"summary":"<!everyone> load is 9 & more"},
            "startsAt":"2026-03-14T14:00:00.000Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"f1"},
            {"status":"resolved","labels":{"alertname":"Busy","path":"/b","service":"shop","severity":"critical"},"annotations":{"summary":"<!everyone> load is 9 & more"},
            "startsAt":"2026-03-14T14:00:00.000Z","endsAt":"2026-03-14T15:00:00.000Z","generatorURL":"","fingerprint":"f2"}]}
            """.Replace("\n", "", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Alertmanager_gets_alerts_with_an_end_ahead_or_now()
    {
        var body = await Sent(address => new AlertmanagerHandlerOptions { Endpoint = address }, Firing() with { Labels = Labels("/a", ("http.route", "/x")) }, Resolved());

        var alerts = body.RootElement.EnumerateArray().ToList();
        Assert.That(alerts.Select(alert => alert.GetProperty("endsAt").GetString()), Is.EqualTo(new[] { "2026-03-14T15:04:00.000Z", "2026-03-14T15:00:00.000Z" }));
        Assert.That(alerts[0].GetProperty("labels").GetProperty("http_route").GetString(), Is.EqualTo("/x"));
    }

    [Test]
    public async Task Alertmanager_is_told_at_once_and_every_minute()
    {
        using var bench = new AlertBench(options => options.Rules["Busy"] = AlertBench.Above(5), handler: new AlertmanagerHandlerOptions());
        bench.Gauge("load", ("", 9));
        await bench.Seconds(140);
        bench.Gauge("load", ("", 1));
        await bench.Seconds(200);

        Assert.That(bench.Told, Is.EqualTo(new[] { "15 F Busy", "75 F Busy", "135 F Busy", "150 R Busy" }));
    }

    [Test]
    public async Task The_log_gets_a_record_an_alert_as_severe_as_it_is()
    {
        var logs = new RecordedLogs();
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(logs)).BuildServiceProvider();
        await using var handler = new LogAlertHandlerOptions().Create(new AlertHandlerContext("Log", services));

        await handler.NotifyAsync(Notification(Firing(), Resolved()), CancellationToken.None);

        Assert.That(logs.Lines.Select(line => line.Level), Is.EqualTo(new[] { LogLevel.Error, LogLevel.Information }));
        Assert.That(logs.Lines[0].Text, Does.StartWith("Alert Busy (critical) is firing since 2026-03-14 14:00:00Z: <!everyone> load is 9 & more path=/a, service=shop"));
    }

    [Test]
    public async Task The_record_of_an_alert_reaches_OpenTelemetry_though_handlers_make_no_telemetry()
    {
        var records = new RecordedLogRecords();
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddOpenTelemetry(options => options.AddProcessor(records))).BuildServiceProvider();
        await using var handler = new LogAlertHandlerOptions().Create(new AlertHandlerContext("Log", services));
        using var asTheEngine = SuppressInstrumentationScope.Begin();

        await handler.NotifyAsync(Notification(Firing()), CancellationToken.None);

        Assert.That(records.Levels, Is.EqualTo(new[] { LogLevel.Error }));
        Assert.That(Sdk.SuppressInstrumentation, Is.True, "Afterwards it is as it was.");
    }

    [Test]
    public async Task A_key_in_an_address_or_a_body_is_never_shown_also_when_the_server_repeats_it()
    {
        using var server = new ScriptedServer((_, request) => ScriptedServer.Status(400, "", $"cannot {request.Line} with {request.Body}"));
        AlertHandlerOptions[] all =
        [
            new SlackAlertHandlerOptions { WebhookUrl = new Uri($"http://127.0.0.1:{server.Port}/services/T0/{Key}") },
            new WebhookAlertHandlerOptions { Url = new Uri($"http://127.0.0.1:{server.Port}/hook?token={Key}"), Password = Key, Username = "u" },
            new PagerDutyAlertHandlerOptions { RoutingKey = Key, Url = server.Address },
        ];
        foreach (var options in all)
        {
            var said = await Notify(options, delivered: true, Firing());
            Assert.That(said, Does.Contain("answers 400").And.Not.Contain(Key), options.GetType().Name);
            Assert.That(options.ToString(), Does.Not.Contain(Key));
            Assert.That(await Notify(options, delivered: false, Firing()), Does.Contain("status 400").And.Not.Contain(Key), options.GetType().Name);
        }
    }

    [Test]
    public void A_password_does_not_show_in_the_settings_of_mail() =>
        Assert.That(new EmailAlertHandlerOptions { Host = "smtp", Username = "u", Password = Key }.ToString(), Does.Contain("smtp").And.Not.Contain(Key));

    private static IEnumerable<string?> Texts(JsonElement json, params string[] names) => names.Select(name => json.GetProperty(name).GetString());

    private static async Task<JsonDocument> Sent(Func<Uri, AlertHandlerOptions> options, params Alert[] alerts)
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        await Notify(options(new Uri($"http://127.0.0.1:{server.Port}")), delivered: true, alerts);
        return JsonDocument.Parse(server.Requests.Single().Body);
    }

    /// <returns>What it says went wrong.</returns>
    private static async Task<string> Notify(AlertHandlerOptions options, bool delivered, params Alert[] alerts)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var delivery = new DeliveryMonitor();
        await using var handler = options.Create(new AlertHandlerContext("Ops", services) { ServiceName = "shop", Delivery = delivered ? delivery : null, TimeProvider = new FakeClock() });
        try
        {
            await handler.NotifyAsync(Notification(alerts), CancellationToken.None);
        }
        catch (HttpRequestException exception)
        {
            return exception.ToString();
        }

        await delivery.FlushAsync();
        return delivery.GetReport().Destinations.SingleOrDefault()?.LastError ?? "";
    }

    private static AlertNotification Notification(params Alert[] alerts) =>
        new() { Handler = "Ops", Time = s_time, GroupLabels = new SortedDictionary<string, string> { ["alertname"] = "Busy" }, Alerts = alerts };

    private static SortedDictionary<string, string> Labels(string path, params (string Name, string Value)[] more)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = "Busy", ["path"] = path, ["service"] = "shop", ["severity"] = "critical" };
        foreach (var (name, value) in more) labels[name] = value;
        return labels;
    }

    private static Alert Firing() => new()
    {
        Name = "Busy",
        Severity = AlertSeverity.Critical,
        State = AlertState.Firing,
        Labels = Labels("/a"),
        Annotations = new Dictionary<string, string> { ["summary"] = "<!everyone> load is 9 & more" },
        Value = 9,
        ActiveSince = s_time.AddHours(-2),
        FiringSince = s_time.AddHours(-1),
        Fingerprint = "f1",
    };

    private static Alert Resolved() => Firing() with { State = AlertState.Resolved, ResolvedAt = s_time, Fingerprint = "f2", Labels = Labels("/b") };
}
