using System.Text.Json.Nodes;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.JsonFile;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.JsonFile;

public class JsonFileExporterTests : ExporterContract
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    protected override MetricsExporter Create() => new JsonFileExporter(
        new JsonFileExporterOptions { Path = _folder.File("metrics.json") }, new ExporterContext("JsonFile") { TimeProvider = Clock });

    [Test]
    public async Task A_metric_without_labels_has_exactly_the_documented_shape()
    {
        await using var exporter = Create();
        await exporter.ExportAsync([Unlabelled("http_requests_total", 1027), Unlabelled("telemetry_events_total", 150)]);
        Assert.That(await Text(), Is.EqualTo(
            """{"timestamp":1767323045.0,"metrics":{"http_requests_total":{"value":1027,"labels":{},"timestamp":1767323045.0,"type":"counter"},"telemetry_events_total":{"value":150,"labels":{},"timestamp":1767323045.0,"type":"counter"}},"events_count":150,"running":true}"""
            + "\n"));
    }

    [Test]
    public async Task Several_series_of_a_counter_are_listed_below_their_sum()
    {
        await using var exporter = Create();
        var result = await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "{order}", ("a", 3), ("b", 4.5))]);
        var entry = (await Document())["metrics"]!["orders_total"]!;
        Assert.That(entry.ToJsonString(), Is.EqualTo(
            """{"value":7.5,"labels":{},"timestamp":1767323045.0,"series":[{"value":3,"labels":{"label":"a"},"timestamp":1767323045.0},{"value":4.5,"labels":{"label":"b"},"timestamp":1767323045.0}],"type":"counter","unit":"{order}"}"""));
        Assert.That(result.Items, Is.EqualTo(2));
        Assert.That(result.Bytes, Is.EqualTo(new FileInfo(_folder.File("metrics.json")).Length));
    }

    [Test]
    public async Task Values_of_gauges_are_not_added()
    {
        await using var exporter = Create();
        await exporter.ExportAsync([SomeFamilies.Numbers("temperature", MetricKind.Gauge, "Cel", ("in", 21), ("out", double.NaN), ("sun", double.PositiveInfinity))]);
        var entry = (await Document())["metrics"]!["temperature"]!;
        Assert.That(entry["value"], Is.Null);
        Assert.That(entry["series"]!.AsArray().Select(series => series!["value"]!.ToJsonString()), Is.EqualTo(new[] { "21", "\"NaN\"", "\"\\u002BInf\"" }));
    }

    [Test]
    public async Task Distributions_have_all_they_know_beside_the_count()
    {
        await using var exporter = Create();
        await exporter.ExportAsync(SomeFamilies.All);
        var metrics = (await Document())["metrics"]!;
        Assert.That(metrics["http.request.duration"]!["series"]![0]!.ToJsonString(), Is.EqualTo(
            """{"value":4,"labels":{"route":"/a"},"timestamp":1767323045.0,"count":4,"sum":12.5,"buckets":{"0.1":2,"1":3,"\u002BInf":4}}"""));
        Assert.That(metrics["payload.size"]!.ToJsonString(), Is.EqualTo(
            """{"value":6,"labels":{"route":"/a"},"timestamp":1767323045.0,"count":6,"sum":3.5,"scale":2,"zero_count":1,"offset":-3,"bucket_counts":[1,0,4],"type":"exponential_histogram","unit":"By"}"""));
        Assert.That(metrics["payment_seconds"]!["series"]![1]!.ToJsonString(), Is.EqualTo(
            """{"value":0,"labels":{"method":"none"},"timestamp":1767323045.0,"count":0,"sum":0,"quantiles":{"0.5":"NaN","0.99":"NaN"}}"""));
        Assert.That(metrics["without_series"], Is.Null);
    }

    [Test]
    public async Task Odd_label_values_come_back_as_they_were()
    {
        await using var exporter = Create();
        await exporter.ExportAsync([SomeFamilies.Numbers("odd_total", MetricKind.Counter, "", [.. SomeFamilies.OddValues.Select(value => (value, 1d))])]);
        var values = (await Document())["metrics"]!["odd_total"]!["series"]!.AsArray().Select(series => series!["labels"]!["label"]!.GetValue<string>());
        Assert.That(values, Is.EqualTo(SomeFamilies.OddValues));
    }

    [Test]
    public async Task Half_a_character_does_no_harm()
    {
        await using var exporter = Create();
        var result = await exporter.ExportAsync([SomeFamilies.Numbers("odd_total", MetricKind.Counter, "", ("a\ud83d", 1))]);
        Assert.That(result.Succeeded, Is.True, result.Problem);
        Assert.That((await Document())["metrics"]!["odd_total"]!["labels"]!["label"]!.GetValue<string>(), Is.EqualTo("a\ufffd"));
    }

    [Test]
    public async Task Series_of_two_meters_are_told_apart()
    {
        await using var exporter = Create();
        await exporter.ExportAsync(
        [
            Unlabelled("jobs_total", 1),
            new MetricFamily(new MetricDescriptor("jobs_total", MetricKind.Counter, "", "", new MetricScope("other.meter")), [new MetricSample([], 2)]),
        ]);
        var entry = (await Document())["metrics"]!["jobs_total"]!;
        Assert.That(entry["value"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(entry["series"]!.AsArray().Select(series => series!["meter"]!.GetValue<string>()), Is.EqualTo(new[] { "some.meter", "other.meter" }));
    }

    [Test]
    public async Task The_end_is_written_down()
    {
        var exporter = Create();
        await exporter.ExportAsync([Unlabelled("http_requests_total", 1027)]);
        var before = await Text();
        await exporter.DisposeAsync();
        Assert.That(await Text(), Is.EqualTo(before.Replace("\"running\":true", "\"running\":false", StringComparison.Ordinal)));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "metrics.json" }));
    }

    [Test]
    public async Task A_missing_directory_is_told_with_the_remedy()
    {
        await using var exporter = new JsonFileExporter(new JsonFileExporterOptions { Path = _folder.File("missing/metrics.json") });
        var result = await exporter.ExportAsync(SomeFamilies.All);
        Assert.That(result.Problem, Is.EqualTo($"the directory '{_folder.File("missing")}' does not exist: create it, or give another path"));
    }

    private static MetricFamily Unlabelled(string name, double value) =>
        new(new MetricDescriptor(name, MetricKind.Counter, "", "", SomeFamilies.Scope), [new MetricSample([], value)]);

    private Task<string> Text() => File.ReadAllTextAsync(_folder.File("metrics.json"));

    private async Task<JsonNode> Document() => JsonNode.Parse(await Text())!;
}
