using System.Text.RegularExpressions;
using OtelTelemetry.Integration.Tests.Servers;

namespace OtelTelemetry.Integration.Tests;

/// <summary>A shop with wrong settings does not start, and says everything that is wrong at once.</summary>
[TestFixture]
public sealed class BadConfigurationTests
{
    private static readonly (string Name, string Value, string Shown)[] s_badSettings =
    [
        ("Telemetry__Otlp__Protocol", "carrier-pigeon", "Telemetry:Otlp:Protocol"),
        ("Telemetry__Otlp__MetricExportInterval", "-00:00:05", "Telemetry:Otlp:MetricExportInterval"),
        ("Telemetry__Otlp__Endpoint", "not a url", "Telemetry:Otlp:Endpoint"),
        ("Telemetry__Metrics__DefaultBuckets", "0.1, 1, 0.5", "Telemetry:Metrics:DefaultBuckets"),
        ("Telemetry__Traces__SamplingRate", "1.5", "Telemetry:Traces:SamplingRate"),
        ("Telemetry__Prometheus__Port", "70000", "Telemetry:Prometheus:Port"),
        ("OTEL_BSP_SCHEDULE_DELAY", "soon", "OTEL_BSP_SCHEDULE_DELAY"),
    ];

    [Test]
    public async Task All_errors_are_listed_once_and_the_shop_does_not_start()
    {
        var (exitCode, output) = await StorefrontProcess.StartAndWaitForExit([.. s_badSettings.Select(setting => (setting.Name, setting.Value))]);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Not.Contain("Storefront is open"));
        foreach (var (_, value, shown) in s_badSettings)
        {
            Assert.That(Regex.Count(output, Regex.Escape(shown) + ":? "), Is.EqualTo(1), $"{shown} in:\n{output}");
            Assert.That(output, Does.Contain(value));
        }
    }

    [TestCaseSource(nameof(s_badSettings))]
    public async Task One_error_alone_is_enough((string Name, string Value, string Shown) setting)
    {
        var (exitCode, output) = await StorefrontProcess.StartAndWaitForExit((setting.Name, setting.Value));

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain(setting.Shown).And.Contain(setting.Value));
    }

    [Test]
    public async Task Secrets_are_not_shown()
    {
        var (exitCode, output) = await StorefrontProcess.StartAndWaitForExit(
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2"), ("Telemetry__Otlp__Protocol", "carrier-pigeon"));

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Not.Contain("hunter2"));
    }
}
