using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Integration.Tests;

/// <summary>An application's alerts arrive where they should: at a real Alertmanager, and by mail through a real SMTP server.</summary>
[TestFixture]
public sealed class AlertTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Alertmanager_gets_our_alerts_firing_and_resolved()
    {
        await using var alertmanager = await AlertmanagerServer.Start();
        await using var application = await Start(new Logs(), ("Handlers:Alertmanager:Endpoint", alertmanager.Address.ToString()));
        var load = LoadOf(application);
        load.Set(9, "/a");

        await Eventually.True("it fires", async () => (await alertmanager.Active()).ContainsKey("Busy"), s_limit);
        var alert = (await alertmanager.Active())["Busy"];
        Assert.That(alert.GetProperty("labels").ToString(), Is.EqualTo("""{"alertname":"Busy","http_route":"/a","service":"alerting-shop","severity":"critical"}"""));
        Assert.That(alert.GetProperty("annotations").GetProperty("summary").GetString(), Is.EqualTo("/a has 9"));

        load.Set(1, "/a");
        await Eventually.True("it is resolved", async () => !(await alertmanager.Active()).ContainsKey("Busy"), s_limit);
    }

    [Test]
    public async Task Mail_arrives_encrypted_and_a_wrong_password_is_told_once_with_the_remedy()
    {
        await using var server = await SmtpServer.Start();
#pragma warning disable SYSLIB0014 // The only place where SmtpClient can be told to trust a certificate of a test.
        ServicePointManager.ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost";
#pragma warning restore SYSLIB0014
        var logs = new Logs();
        await using (var wrong = await Start(logs, Mail(server, "wrong-password")))
        {
            LoadOf(wrong).Set(9, "/a");
            await Eventually.True("the password is refused", () => Task.FromResult(logs.Lines.Any(line => line.Contains("Telemetry:Alerts:Handlers:Email:Username and Password", StringComparison.Ordinal))), s_limit);
            // The condition still holds, and the next evaluations say nothing more.
            await Task.Delay(TimeSpan.FromSeconds(3));
        }

        Assert.That(logs.Lines.Count(line => line.Contains("user name and the password", StringComparison.Ordinal)), Is.EqualTo(1), string.Join('\n', logs.Lines));
        Assert.That(string.Join('\n', logs.Lines), Does.Not.Contain("wrong-password"));
        Assert.That(server.Events("mail"), Is.Empty);

        await using var application = await Start(logs, Mail(server, SmtpServer.Password));
        var load = LoadOf(application);
        load.Set(9, "/a");
        await Eventually.True("the mail arrives", () => Task.FromResult(server.Events("mail").Any()), s_limit);
        load.Set(1, "/a");
        await Eventually.True("so does the end", () => Task.FromResult(server.Events("mail").Count() > 1), s_limit);

        var mails = server.Events("mail").ToList();
        Assert.That((mails[0].GetProperty("user").GetString(), mails[0].GetProperty("secure").GetBoolean(), mails[0].GetProperty("to")[0].GetString()), Is.EqualTo((SmtpServer.User, true, "ops@example.test")));
        Assert.That(mails[0].GetProperty("mail").GetString(), Does.Contain("Subject: [FIRING:1] Busy (alerting-shop)"));
        Assert.That(Text(mails[0].GetProperty("mail").GetString()!), Does.StartWith("FIRING   Busy (critical) since ").And.Contain("  summary: /a has 9\n  http.route=/a, service=alerting-shop"));
        Assert.That(mails[1].GetProperty("mail").GetString(), Does.Contain("Subject: [RESOLVED] Busy (alerting-shop)"));
    }

    /// <summary>The body of a mail, which SmtpClient writes as base64.</summary>
    private static string Text(string mail) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(mail.ReplaceLineEndings("\n").Split("\n\n", 2)[1].Replace("\n", "", StringComparison.Ordinal))).ReplaceLineEndings("\n");

    private static (string Key, string Value)[] Mail(SmtpServer server, string password) =>
    [
        ("Handlers:Email:Host", "localhost"), ("Handlers:Email:Port", $"{server.Port}"), ("Handlers:Email:Username", SmtpServer.User), ("Handlers:Email:Password", password),
        ("Handlers:Email:From", "shop@example.test"), ("Handlers:Email:To", "ops@example.test"),
    ];

    /// <summary>Telemetry as a host starts it, with the application's log.</summary>
    private static async Task<ServiceProvider> Start(Logs logs, params (string Key, string Value)[] alerts)
    {
        (string Key, string Value)[] common =
        [
            ("Interval", "1s"), ("GroupWait", "0s"), ("GroupInterval", "1s"), ("Rules:Busy:Metric", "alert_load"), ("Rules:Busy:Threshold", "5"), ("Rules:Busy:Severity", "critical"),
            ("Rules:Busy:Annotations:summary", "{labels.http.route} has {value}"),
        ];
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(common.Concat(alerts).Select(pair => KeyValuePair.Create($"Telemetry:Alerts:{pair.Key}", (string?)pair.Value)))
            .AddInMemoryCollection([KeyValuePair.Create("Telemetry:ServiceName", (string?)"alerting-shop")])
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging(logging => logging.AddProvider(logs));
        services.AddPepperTelemetry();
        var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>()) await service.StartingAsync(CancellationToken.None);
        return provider;
    }

    private static Gauge LoadOf(ServiceProvider application) => application.GetRequiredService<TelemetryManager>().Metrics.CreateGauge("alert_load", "", "http.route");

    /// <summary>The library's warnings.</summary>
    private sealed class Logs : ILoggerProvider, ILogger
    {
        private readonly Lock _gate = new();
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_gate) return [.. _lines];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            lock (_gate) _lines.Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
