using OtelTelemetry.Integration.Tests.Servers;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Metrics that an operator declares for a shop that runs: by variables and in a YAML file.</summary>
[TestFixture]
public sealed class DeclaredMetricsTests
{
    private string _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("oteltelemetry-declared-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task What_variables_declare_is_scraped_from_the_start()
    {
        await using var shop = await StorefrontProcess.Start(
            ("Telemetry__Metrics__Definitions__visitors_total__Type", "counter"),
            ("Telemetry__Metrics__Definitions__visitors_total__Help", "Visitors of the shop."),
            ("Telemetry__Metrics__Definitions__basket__Type", "histogram"),
            ("Telemetry__Metrics__Definitions__basket__Buckets", "1, 5"));

        var text = await shop.Metrics();

        Assert.That(text, Does.Contain("# HELP visitors_total Visitors of the shop.\n# TYPE visitors_total counter\nvisitors_total 0\n"));
        Assert.That(text, Does.Contain("basket_bucket{le=\"1\"} 0\nbasket_bucket{le=\"5\"} 0\nbasket_bucket{le=\"+Inf\"} 0\n"));
    }

    [Test]
    public async Task What_a_YAML_file_declares_is_scraped_and_variables_have_the_last_word()
    {
        var file = Write(
            """
            telemetry:
              metrics:
                definitions:
                  visitors_total: { type: counter, help: Visitors of the shop. }
                  queue_depth: { type: gauge, help: From the file. }
                  basket: { type: histogram, buckets: [1, 5, 10] }
            """);
        await using var shop = await StorefrontProcess.Start(
            ("SettingsFile", file), ("Telemetry__Metrics__Definitions__queue_depth__Help", "From the variable."), ("Telemetry__Metrics__Definitions__basket__Buckets", "2, 20"));

        var text = await shop.Metrics();

        Assert.That(text, Does.Contain("# HELP visitors_total Visitors of the shop.\n# TYPE visitors_total counter\nvisitors_total 0\n"));
        Assert.That(text, Does.Contain("# HELP queue_depth From the variable.\n# TYPE queue_depth gauge\nqueue_depth 0\n"));
        Assert.That(text, Does.Contain("basket_bucket{le=\"2\"} 0\nbasket_bucket{le=\"20\"} 0\nbasket_bucket{le=\"+Inf\"} 0\n"));
    }

    [Test]
    public async Task All_mistakes_are_told_at_once_with_file_and_key()
    {
        var file = Write(
            """
            telemetry:
              metrics:
                definitions:
                  latency: { type: histogram, buckets: [1, 0.5], lables: [route] }
                  visitors: { type: tally }
                  orders: { type: counter, quantiles: [0.5] }
            """);

        var (exitCode, output) = await StorefrontProcess.StartAndWaitForExit(("SettingsFile", file), ("Telemetry__Metrics__Definitions__orders__MaxSeries", "0"));

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("The telemetry configuration has 5 errors:"));
        Assert.That(output, Does.Contain("- shop.yaml: Telemetry:Metrics:Definitions:latency:Buckets: 0.5, at position 2"));
        Assert.That(output, Does.Contain("- shop.yaml: Telemetry:Metrics:Definitions:latency:lables: this is not a setting of a metric. Did you mean Labels?"));
        Assert.That(output, Does.Contain("- shop.yaml: Telemetry:Metrics:Definitions:visitors:Type: 'tally' is not a type of metric"));
        Assert.That(output, Does.Contain("- shop.yaml: Telemetry:Metrics:Definitions:orders:Quantiles: a counter has no quantiles"));
        Assert.That(output, Does.Contain("- Telemetry:Metrics:Definitions:orders:MaxSeries: 0 is less than 1"));
    }

    [Test]
    public async Task A_file_that_is_not_YAML_is_told_with_its_line()
    {
        var (exitCode, output) = await StorefrontProcess.StartAndWaitForExit(("SettingsFile", Write("telemetry:\n\tmetrics: {}\n")));

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("shop.yaml: line 2, column 1: a tab indents this line. Indent with spaces"));
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder, "shop.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
