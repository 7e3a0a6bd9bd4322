using OtelTelemetry.Exporters.StatsD;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.StatsD;

public class StatsDSettingTests
{
    [Test]
    public void Every_setting_is_read()
    {
        var options = ExporterSettings.Read<StatsDExporterOptions>(
            "StatsD",
            ("Host", "statsd"), ("Port", "9125"), ("Protocol", "tcp"), ("SocketPath", "/run/s"), ("Dialect", "dogstatsd"), ("Prefix", "shop"),
            ("MaxPacketSize", "512"), ("Tags:env", "test"), ("Quantiles", "0.5, 0.9"), ("MaxSeries", "10"), ("Interval", "5s"));
        Assert.That(
            (options.Host, options.Port, options.Protocol, options.SocketPath, options.Dialect, options.Prefix, options.MaxPacketSize, options.MaxSeries, options.Interval),
            Is.EqualTo(("statsd", 9125, StatsDProtocol.Tcp, "/run/s", StatsDDialect.DogStatsD, "shop", (int?)512, 10, TimeSpan.FromSeconds(5))));
        Assert.That(options.Tags, Is.EqualTo(new Dictionary<string, string> { ["env"] = "test" }));
        Assert.That(options.Quantiles, Is.EqualTo(new[] { 0.5, 0.9 }));
    }

    [Test]
    public void A_wrong_word_is_told_with_the_words_there_are() =>
        Assert.That(ExporterSettings.Errors("StatsD", ("Protocol", "7"), ("Dialect", "telegraf")), Is.EqualTo(new[]
        {
            "Telemetry:Exporters:StatsD:Protocol: '7' is not one of the values. Allowed: Udp, Tcp, Unix.",
            "Telemetry:Exporters:StatsD:Dialect: 'telegraf' is not one of the values. Allowed: Etsy, DogStatsD.",
        }));
}
