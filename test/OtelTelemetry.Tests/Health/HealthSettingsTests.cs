using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;
using OtelTelemetry.Health;
using OtelTelemetry.Health.Checks.Certificate;
using OtelTelemetry.Health.Checks.DiskSpace;
using OtelTelemetry.Health.Checks.Http;
using OtelTelemetry.Health.Checks.Memory;
using OtelTelemetry.Health.Checks.Metric;
using OtelTelemetry.Health.Checks.Objective;
using OtelTelemetry.Health.Checks.Script;
using OtelTelemetry.Health.Checks.Tcp;
using OtelTelemetry.Tests.Configuration;

namespace OtelTelemetry.Tests.Health;

public class HealthSettingsTests
{
    private const string Checks = "Telemetry:Health:Checks:";

    [Test]
    public void Every_type_is_read_with_its_settings()
    {
        var checks = Bind(
            ("db:Type", "tcp"), ("db:Host", "database"), ("db:Port", "5432"), ("db:Interval", "10s"), ("db:Timeout", "1s"),
            ("db:UnhealthyThreshold", "4"), ("db:HealthyThreshold", "5"), ("db:StartupGrace", "1m"), ("db:Tags", "live,ready"), ("db:FailureStatus", "degraded"),
            ("redis:Type", "Http"), ("redis:Url", "http://redis:8001/health"), ("redis:Method", "head"), ("redis:Headers:X-Key", "secret"),
            ("redis:ExpectedStatus", "200,204"), ("redis:BodyContains", "ok"),
            ("script:Type", "Script"), ("script:Command", "check"), ("script:Arguments:0", "--threshold"), ("script:Arguments:1", "90"), ("script:WorkingDirectory", "/tmp"),
            ("script:Environment:A", "b"), ("script:HealthyExitCode", "3"), ("script:DegradedExitCode", "1"), ("script:MaxOutputBytes", "10"),
            ("disk:Type", "DiskSpace"), ("disk:Path", "/data"), ("disk:MaxUsedPercent", "80"), ("disk:DegradedUsedPercent", "70"), ("disk:MinFreeBytes", "1GiB"),
            ("memory:Type", "Memory"), ("memory:MaxUsedPercent", "50"), ("memory:DegradedUsedPercent", "40"), ("memory:MaxBytes", "512MiB"),
            ("tls:Type", "Certificate"), ("tls:Host", "shop.example"), ("tls:Port", "8443"), ("tls:ServerName", "www"), ("tls:MinRemaining", "24h"), ("tls:DegradedRemaining", "48h"),
            ("queue:Type", "Metric"), ("queue:Metric", "message_queue_size"), ("queue:Labels:queue", "a*"), ("queue:Above", "100"), ("queue:Below", "1"), ("queue:WhenMissing", "Healthy"),
            ("slo:Type", "Objective"), ("slo:Metric", "requests"), ("slo:Labels:route", "/pay"), ("slo:BadLabels:status", "5*"), ("slo:BadAbove", "0.5"), ("slo:Objective", "0.999"),
            ("slo:Window", "10m"), ("slo:MinEvents", "5")).Checks;

        Assert.That(checks["DB"] with { Tags = null }, Is.EqualTo(new TcpHealthCheckOptions
        {
            Host = "database", Port = 5432, Interval = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(1), UnhealthyThreshold = 4, HealthyThreshold = 5,
            StartupGrace = TimeSpan.FromMinutes(1), FailureStatus = HealthStatus.Degraded,
        }));
        Assert.That(checks["db"].Tags, Is.EqualTo(new[] { "live", "ready" }));
        var http = (HttpHealthCheckOptions)checks["redis"];
        Assert.That((http.Url, http.Method, http.Headers["X-Key"], http.BodyContains), Is.EqualTo((new Uri("http://redis:8001/health"), "head", "secret", "ok")));
        Assert.That(http.ExpectedStatus, Is.EqualTo(new[] { 200, 204 }));
        var script = (ScriptHealthCheckOptions)checks["script"];
        Assert.That((script.Command, string.Join(' ', script.Arguments), script.WorkingDirectory, script.Environment["A"]), Is.EqualTo(("check", "--threshold 90", "/tmp", "b")));
        Assert.That((script.HealthyExitCode, script.DegradedExitCode, script.MaxOutputBytes), Is.EqualTo((3, 1, 10)));
        Assert.That(checks["disk"], Is.EqualTo(new DiskSpaceHealthCheckOptions { Path = "/data", MaxUsedPercent = 80, DegradedUsedPercent = 70, MinFreeBytes = 1L << 30 }));
        Assert.That(checks["memory"], Is.EqualTo(new MemoryHealthCheckOptions { MaxUsedPercent = 50, DegradedUsedPercent = 40, MaxBytes = 512L << 20 }));
        Assert.That(checks["tls"], Is.EqualTo(new CertificateHealthCheckOptions
        {
            Host = "shop.example", Port = 8443, ServerName = "www", MinRemaining = TimeSpan.FromDays(1), DegradedRemaining = TimeSpan.FromDays(2),
        }));
        var metric = (MetricHealthCheckOptions)checks["queue"];
        Assert.That((metric.Metric, metric.Labels["queue"], metric.Above, metric.Below, metric.WhenMissing), Is.EqualTo(("message_queue_size", "a*", 100.0, 1.0, HealthStatus.Healthy)));
        var objective = (ObjectiveHealthCheckOptions)checks["slo"];
        Assert.That(
            (objective.Metric, objective.Labels["route"], objective.BadLabels["status"], objective.BadAbove, objective.Objective, objective.Window, objective.MinEvents),
            Is.EqualTo(("requests", "/pay", "5*", 0.5, 0.999, TimeSpan.FromMinutes(10), 5)));
    }

    [Test]
    public void An_entry_without_a_type_is_for_a_registered_check_and_one_that_is_off_is_left_out()
    {
        var checks = Bind(("own:Interval", "10s"), ("off:Type", "Tcp"), ("off:Host", "database"), ("off:Port", "1"), ("off:Enabled", "false")).Checks;
        Assert.That(checks.Keys, Is.EqualTo(new[] { "own" }));
        Assert.That(checks["own"], Is.EqualTo(new RegisteredHealthCheckOptions { Interval = TimeSpan.FromSeconds(10) }));
    }

    [TestCase("Type", "Ping", "Telemetry:Health:Checks:x:Type", "'Ping' is not a health check this library knows")]
    [TestCase("Type", "Tcp", "Telemetry:Health:Checks:x:Host", "it is not set")]
    [TestCase("Type", "Http", "Telemetry:Health:Checks:x:Url", "it is not set")]
    [TestCase("Type", "Script", "Telemetry:Health:Checks:x:Command", "it is not set")]
    [TestCase("Type", "Certificate", "Telemetry:Health:Checks:x:Host", "neither it nor Path is set, or both are")]
    [TestCase("Type", "Metric", "Telemetry:Health:Checks:x:Metric", "it is not set")]
    [TestCase("Type", "Objective", "Telemetry:Health:Checks:x:BadLabels", "neither it nor BadAbove is set")]
    [TestCase("Interval", "0s", "Telemetry:Health:Checks:x:Interval", "00:00:00 is no interval")]
    [TestCase("UnhealthyThreshold", "0", "Telemetry:Health:Checks:x:UnhealthyThreshold", "0 is no number of results")]
    [TestCase("FailureStatus", "Healthy", "Telemetry:Health:Checks:x:FailureStatus", "Healthy is no failure")]
    [TestCase("Tags", "a/b", "Telemetry:Health:Checks:x:Tags", "a tag is empty or has a '/'")]
    public void What_is_wrong_with_a_check_is_told_in_the_operator_s_words(string key, string value, string setting, string problem)
    {
        var errors = Assert.Throws<TelemetryConfigurationException>(() => Bind(("x:" + key, value)))!.Errors;
        Assert.That(errors.Select(error => (error.Setting, error.Problem)), Has.Some.EqualTo((setting, problem)));
    }

    [TestCase("Interval", "0s")]
    [TestCase("Timeout", "-1s")]
    [TestCase("Jitter", "0.6")]
    [TestCase("HealthyThreshold", "0")]
    [TestCase("StartupGrace", "-1s")]
    [TestCase("HistorySize", "1001")]
    [TestCase("LivenessPath", "health")]
    [TestCase("ReadinessPath", "/health")]
    [TestCase("DegradedStatusCode", "99")]
    [TestCase("UnhealthyStatusCode", "1000")]
    [TestCase("Details", "Sometimes")]
    public void What_is_wrong_with_health_is_told(string key, string value)
    {
        var errors = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(("Telemetry:Health:" + key, value)))!.Errors;
        Assert.That(errors.Single().Setting, Is.EqualTo("Telemetry:Health:" + key));
    }

    [Test]
    public void A_secret_in_an_address_is_not_shown()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => Bind(("x:Type", "Http"), ("x:Url", "ftp://user:hunter2@host/")))!;
        Assert.That(error.Message, Does.Contain("it is no http or https address").And.Not.Contain("hunter2"));
    }

    [Test]
    public void Code_replaces_the_settings_of_the_same_name()
    {
        var settings = TelemetrySettingsTests.Bind(
            options => options.Health.Checks["DB"] = new TcpHealthCheckOptions { Host = "other", Port = 1 },
            (Checks + "db:Type", "Tcp"), (Checks + "db:Host", "database"), (Checks + "db:Port", "5432"));
        Assert.That(((TcpHealthCheckOptions)settings.Options.Health.Checks.Single().Value).Host, Is.EqualTo("other"));
    }

    private static TelemetryHealthOptions Bind(params (string Key, string Value)[] settings) =>
        TelemetrySettingsTests.Bind([.. settings.Select(setting => (Checks + setting.Key, setting.Value))]).Options.Health;
}
