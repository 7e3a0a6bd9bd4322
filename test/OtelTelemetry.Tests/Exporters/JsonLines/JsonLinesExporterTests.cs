using System.Text.Json.Nodes;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.JsonLines;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.JsonLines;

public class JsonLinesExporterTests : ExporterContract
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    protected override MetricsExporter Create() => Create(new JsonLinesExporterOptions { Path = _folder.File("metrics.jsonl") });

    [Test]
    public async Task Each_export_appends_a_line_for_each_series()
    {
        await using var exporter = Create();
        MetricFamily[] families = [SomeFamilies.Numbers("orders_total", MetricKind.Counter, "{order}", ("a", 3), ("b", 4.5))];
        var first = await exporter.ExportAsync(families);
        Clock.Advance(TimeSpan.FromMilliseconds(1500));
        await exporter.ExportAsync(families);
        Assert.That(await Lines("metrics.jsonl"), Is.EqualTo(new[]
        {
            """{"timestamp":1767323045.0,"name":"orders_total","type":"counter","unit":"{order}","meter":"some.meter","labels":{"label":"a"},"value":3}""",
            """{"timestamp":1767323045.0,"name":"orders_total","type":"counter","unit":"{order}","meter":"some.meter","labels":{"label":"b"},"value":4.5}""",
            """{"timestamp":1767323046.5,"name":"orders_total","type":"counter","unit":"{order}","meter":"some.meter","labels":{"label":"a"},"value":3}""",
            """{"timestamp":1767323046.5,"name":"orders_total","type":"counter","unit":"{order}","meter":"some.meter","labels":{"label":"b"},"value":4.5}""",
        }));
        Assert.That(first.Items, Is.EqualTo(2));
        Assert.That(first.Bytes, Is.EqualTo(new FileInfo(_folder.File("metrics.jsonl")).Length / 2));
    }

    [Test]
    public async Task Every_line_is_JSON_and_has_all_there_is_to_know()
    {
        await using var exporter = Create();
        await exporter.ExportAsync(SomeFamilies.All);
        var lines = (await Lines("metrics.jsonl")).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.That(lines, Has.Length.EqualTo(SomeFamilies.All.Sum(family => family.Samples.Count)));
        Assert.That(lines.Single(line => line["name"]!.GetValue<string>() == "payload.size")["bucket_counts"]!.ToJsonString(), Is.EqualTo("[1,0,4]"));
        Assert.That(lines.Where(line => line["name"]!.GetValue<string>() == "requests_total").Select(line => line["labels"]!["label"]!.GetValue<string>()), Is.EqualTo(SomeFamilies.OddValues));
    }

    [Test]
    public async Task Full_files_get_numbers_and_the_oldest_go()
    {
        await using var exporter = Create(new JsonLinesExporterOptions { Path = _folder.File("metrics.jsonl"), MaxFileBytes = 300, MaxFiles = 2 });
        for (var i = 0; i < 10; i++)
        {
            await exporter.ExportAsync([SomeFamilies.Numbers("n_total", MetricKind.Counter, "", ("a", i))]);
            Assert.That(_folder.Files.All(file => new FileInfo(_folder.File(file)).Length <= 300), Is.True);
        }

        Assert.That(_folder.Files, Is.EqualTo(new[] { "metrics.jsonl", "metrics.jsonl.1", "metrics.jsonl.2" }));
        var values = new List<int>();
        foreach (var file in new[] { "metrics.jsonl.2", "metrics.jsonl.1", "metrics.jsonl" })
        {
            foreach (var line in await Lines(file)) values.Add(JsonNode.Parse(line)!["value"]!.GetValue<int>());
        }

        Assert.That(values, Is.EqualTo(Enumerable.Range(10 - values.Count, values.Count)));
        Assert.That(values, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task A_line_is_never_cut_even_when_it_is_larger_than_a_file()
    {
        await using var exporter = Create(new JsonLinesExporterOptions { Path = _folder.File("metrics.jsonl"), MaxFileBytes = 50, MaxFiles = 1 });
        var result = await exporter.ExportAsync([SomeFamilies.Numbers("n_total", MetricKind.Counter, "", ("a", 1), ("b", 2), ("c", 3))]);
        Assert.That(result.Succeeded, Is.True, result.Problem);
        Assert.That((await Lines("metrics.jsonl")).Concat(await Lines("metrics.jsonl.1")).Select(line => JsonNode.Parse(line)!["value"]!.GetValue<int>()), Is.EqualTo(new[] { 3, 2 }));
    }

    [Test]
    public async Task Without_numbered_files_the_file_begins_again()
    {
        await using var exporter = Create(new JsonLinesExporterOptions { Path = _folder.File("metrics.jsonl"), MaxFileBytes = 50, MaxFiles = 0 });
        await exporter.ExportAsync([SomeFamilies.Numbers("n_total", MetricKind.Counter, "", ("a", 1), ("b", 2))]);
        Assert.That(_folder.Files, Is.EqualTo(new[] { "metrics.jsonl" }));
        Assert.That(await Lines("metrics.jsonl"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task What_a_crash_left_of_a_line_does_not_swallow_the_next()
    {
        await File.WriteAllTextAsync(_folder.File("metrics.jsonl"), "{\"timestamp\":17");
        await using var exporter = Create();
        await exporter.ExportAsync([SomeFamilies.Numbers("n_total", MetricKind.Counter, "", ("a", 1))]);
        var lines = await Lines("metrics.jsonl");
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(JsonNode.Parse(lines[1])!["value"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_missing_directory_is_told_with_the_remedy()
    {
        await using var exporter = Create(new JsonLinesExporterOptions { Path = _folder.File("missing/metrics.jsonl") });
        var result = await exporter.ExportAsync(SomeFamilies.All);
        Assert.That((result.Items, result.Problem), Is.EqualTo((0L, $"the directory '{_folder.File("missing")}' does not exist: create it, or give another path")));
    }

    [Test]
    public void Wrong_settings_are_told_all_at_once() => Assert.That(
        () => new JsonLinesExporter(new JsonLinesExporterOptions { MaxFileBytes = 0, MaxFiles = -1 }),
        Throws.ArgumentException.With.Message.Contains("Path").And.Message.Contains("MaxFileBytes: 0 is no size").And.Message.Contains("MaxFiles: -1"));

    private JsonLinesExporter Create(JsonLinesExporterOptions options) => new(options, new ExporterContext("JsonLines") { TimeProvider = Clock });

    private Task<string[]> Lines(string file) => File.ReadAllLinesAsync(_folder.File(file));
}
