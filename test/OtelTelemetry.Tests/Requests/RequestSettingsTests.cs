using Microsoft.Extensions.Logging;
using OtelTelemetry.Tests.Configuration;

namespace OtelTelemetry.Tests.Requests;

public class RequestSettingsTests
{
    [Test]
    public void By_default_nothing_is_told_of_a_request()
    {
        var requests = TelemetrySettingsTests.Bind().Options.Requests;

        Assert.That((requests.BodySizes, requests.Logging.Enabled), Is.EqualTo((false, false)));
        Assert.That((requests.Logging.SampleRate, requests.Logging.SlowerThan, requests.Logging.Query), Is.EqualTo((1.0, (TimeSpan?)TimeSpan.FromSeconds(1), false)));
    }

    [Test]
    public void The_section_sets_every_property()
    {
        var requests = TelemetrySettingsTests.Bind(
            ("Telemetry:Requests:BodySizes", "true"),
            ("Telemetry:Requests:Logging:Enabled", "true"),
            ("Telemetry:Requests:Logging:ExcludedPaths", "/static,/favicon.ico"),
            ("Telemetry:Requests:Logging:SampleRate", "0.1"),
            ("Telemetry:Requests:Logging:SlowerThan", "250ms"),
            ("Telemetry:Requests:Logging:Level", "Debug"),
            ("Telemetry:Requests:Logging:ClientErrorLevel", "Information"),
            ("Telemetry:Requests:Logging:ServerErrorLevel", "Critical"),
            ("Telemetry:Requests:Logging:Query", "true"),
            ("Telemetry:Requests:Logging:ClientAddress", "false")).Options.Requests;

        var logging = requests.Logging;
        Assert.That((requests.BodySizes, logging.Enabled, logging.SampleRate, logging.SlowerThan, logging.Query, logging.ClientAddress), Is.EqualTo((true, true, 0.1, (TimeSpan?)TimeSpan.FromMilliseconds(250), true, false)));
        Assert.That((logging.Level, logging.ClientErrorLevel, logging.ServerErrorLevel), Is.EqualTo((LogLevel.Debug, LogLevel.Information, LogLevel.Critical)));
        Assert.That(logging.ExcludedPaths, Is.EqualTo(new[] { "/static", "/favicon.ico" }));
    }

    [Test]
    public void Wrong_settings_are_told_all_at_once()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            options => options.Requests.Logging.ServerErrorLevel = (LogLevel)9,
            ("Telemetry:Requests:Logging:ExcludedPaths", "static"),
            ("Telemetry:Requests:Logging:SampleRate", "10"),
            ("Telemetry:Requests:Logging:SlowerThan", "0s"),
            ("Telemetry:Requests:Logging:Level", "loud")));

        Assert.That(error!.Errors.Select(one => one.Setting), Is.EquivalentTo(new[]
        {
            "TelemetryOptions.Requests.Logging.ServerErrorLevel", "Telemetry:Requests:Logging:ExcludedPaths", "Telemetry:Requests:Logging:SampleRate",
            "Telemetry:Requests:Logging:SlowerThan", "Telemetry:Requests:Logging:Level",
        }));
    }
}
