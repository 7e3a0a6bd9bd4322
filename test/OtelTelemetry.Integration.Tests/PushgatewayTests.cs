using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Pushgateway;
using OtelTelemetry.Exporters.TextFile;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Integration.Tests;

/// <summary>A real Pushgateway, which reads text more strictly than promtool, takes what is pushed and shows it.</summary>
[TestFixture]
public sealed class PushgatewayTests
{
    private static readonly MetricScope s_scope = new("integration");
    private static readonly string[] s_oddValues = ["", "plain", "\"quoted\"", "back\\slash", "new\nline", "tab\tand\r", "\ud83d\ude00 \u00e4", "{}[],=", new string('x', 10_000)];
    private PushgatewayServer _gateway = null!;

    [OneTimeSetUp]
    public async Task StartGateway() => _gateway = await PushgatewayServer.Start();

    [OneTimeTearDown]
    public Task StopGateway() => Disposal.Of(_gateway);

    [Test]
    public async Task Every_kind_and_odd_values_are_taken_and_shown()
    {
        await using var exporter = Create("every kind/of", options => options.Grouping["path"] = "/var/tmp");
        var result = await exporter.ExportAsync(
        [
            new MetricFamily(new MetricDescriptor("orders", MetricKind.Counter, "", "Orders with \"quotes\".", s_scope), [.. s_oddValues.Select((value, i) => new MetricSample(Label("label", value), i))]),
            new MetricFamily(new MetricDescriptor("limits", MetricKind.Gauge, "", "", s_scope), [new MetricSample(Label("l", "a"), double.NaN), new MetricSample(Label("l", "b"), double.PositiveInfinity), new MetricSample(Label("l", "c"), -1e-300)]),
            new MetricFamily(new MetricDescriptor("duration", MetricKind.Histogram, "s", "", s_scope), [new MetricSample([], new HistogramSample([0.1, 1], [1, 2, 3], 12.5))]),
            new MetricFamily(new MetricDescriptor("size", MetricKind.ExponentialHistogram, "By", "", s_scope), [new MetricSample([], new ExponentialHistogramSample(1, 1, 0, [2, 3], 6, 12))]),
            new MetricFamily(new MetricDescriptor("payment", MetricKind.Summary, "s", "", s_scope), [new MetricSample([], new SummarySample([0.5], [0.25], 8, 5.75))]),
        ]);
        Assert.That(result.Succeeded, Is.True, result.Problem);

        var lines = (await _gateway.Metrics()).Split('\n');
        const string group = "instance=\"\",job=\"every kind/of\"";
        Assert.That(lines, Has.Some.EqualTo($"orders_total{{{group},label=\"plain\",path=\"/var/tmp\"}} 1"));
        Assert.That(lines, Has.Some.EqualTo($"orders_total{{{group},label=\"new\\nline\",path=\"/var/tmp\"}} 4"));
        Assert.That(lines, Has.Some.EqualTo($"limits{{{group},l=\"a\",path=\"/var/tmp\"}} NaN"));
        Assert.That(lines, Has.Some.EqualTo($"duration_seconds_bucket{{{group},path=\"/var/tmp\",le=\"+Inf\"}} 6"));
        Assert.That(lines, Has.Some.EqualTo($"size_bytes_bucket{{{group},path=\"/var/tmp\",le=\"2\"}} 6"));
        Assert.That(lines, Has.Some.EqualTo($"payment_seconds{{{group},path=\"/var/tmp\",quantile=\"0.5\"}} 0.25"));
    }

    [Test]
    public async Task PUT_replaces_the_group_and_POST_joins_it()
    {
        await using var put = Create("replacing", _ => { });
        await put.ExportAsync([Counter("first_total", 1)]);
        await put.ExportAsync([Counter("second_total", 2)]);
        Assert.That(await _gateway.Metrics(), Does.Contain("second_total{instance=\"\",job=\"replacing\"} 2").And.Not.Contain("first_total{instance=\"\",job=\"replacing\"}"));

        await using var post = Create("replacing", options => options.Replace = false);
        await post.ExportAsync([Counter("third_total", 3)]);
        Assert.That(await _gateway.Metrics(), Does.Contain("second_total{instance=\"\",job=\"replacing\"} 2").And.Contain("third_total{instance=\"\",job=\"replacing\"} 3"));
    }

    [Test]
    public async Task The_group_is_gone_after_the_end_where_that_is_wanted()
    {
        var exporter = Create("ending", options =>
        {
            options.DeleteOnShutdown = true;
            options.Grouping["odd"] = "";
        });
        await exporter.ExportAsync([Counter("ending_total", 1)]);
        Assert.That(await _gateway.Metrics(), Does.Contain("ending_total{instance=\"\",job=\"ending\",odd=\"\"} 1"));
        await exporter.DisposeAsync();
        await Eventually.True("the group is gone", async () => !(await _gateway.Metrics()).Contains("ending_total", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_wrong_address_is_told_with_the_remedy()
    {
        await using var exporter = Create("wrong", options => options.Endpoint = new Uri(_gateway.Address, "/gateway"));
        var result = await exporter.ExportAsync([Counter("a_total", 1)]);
        Assert.That(result.Problem, Does.Contain("(status 404").And.Contain("give the address of the Pushgateway itself"));
    }

    [Test]
    public async Task The_text_file_of_the_same_metrics_passes_promtool()
    {
        var folder = Directory.CreateTempSubdirectory("oteltelemetry-test-");
        try
        {
            var path = Path.Combine(folder.FullName, "shop.prom");
            await using var exporter = new TextFileExporter(new TextFileExporterOptions { Path = path });
            await exporter.ExportAsync([Counter("orders", 3)]);
            var (exitCode, output) = await Promtool.CheckMetrics(await File.ReadAllTextAsync(path));
            Assert.That(exitCode, Is.Zero, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private PushgatewayExporter Create(string job, Action<PushgatewayExporterOptions> configure)
    {
        var options = new PushgatewayExporterOptions { Endpoint = _gateway.Address, Job = job };
        configure(options);
        return new PushgatewayExporter(options, new ExporterContext("Pushgateway"));
    }

    private static MetricFamily Counter(string name, double value) => new(new MetricDescriptor(name, MetricKind.Counter, "", "Help.", s_scope), [new MetricSample([], value)]);

    private static KeyValuePair<string, string>[] Label(string name, string value) => [new(name, value)];
}
