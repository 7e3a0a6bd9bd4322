using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

[TestFixture]
public sealed class PrometheusExporterOptionsTests
{
    [Test]
    public void The_defaults_are_valid() => Assert.That(new PrometheusExporterOptions().Validate("Telemetry:Prometheus"), Is.Empty);

    [Test]
    public void Every_wrong_setting_is_named_once_in_the_operators_words()
    {
        var options = new PrometheusExporterOptions
        {
            Path = "metrics", Port = 0, Host = " ", Prefix = "1-x", CollectionCacheDuration = TimeSpan.FromSeconds(-1), CollectionTimeout = TimeSpan.Zero, MaxConcurrentScrapes = 0,
        };

        var errors = options.Validate("Telemetry:Prometheus").ToArray();

        Assert.That(errors.Select(error => error.Split(' ')[0]), Is.EqualTo(new[]
        {
            "Telemetry:Prometheus:Path", "Telemetry:Prometheus:Port", "Telemetry:Prometheus:Host", "Telemetry:Prometheus:Prefix",
            "Telemetry:Prometheus:CollectionCacheDuration", "Telemetry:Prometheus:CollectionTimeout", "Telemetry:Prometheus:MaxConcurrentScrapes",
        }));
        Assert.That(() => new PrometheusExporter(options), Throws.ArgumentException.With.Message.Contains(":Path").And.Message.Contains(":Prefix"));
    }

    [Test]
    public void Settings_are_copied()
    {
        var options = new PrometheusExporterOptions { Prefix = "before" };
        var exporter = new PrometheusExporter(options);
        options.Prefix = "after";
        exporter.Export([Some.Number(OtelTelemetry.Reading.MetricKind.Gauge, "g", 1)]);

        Assert.That(exporter.GetMetricsText(), Does.Contain("before_g 1"));
    }
}
