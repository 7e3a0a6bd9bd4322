using System.Text.Json;
using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tests.Metrics;

namespace OtelTelemetry.Tests.Collectors;

public class JsonLinesMetricSinkTests : MetricsTestBase
{
    private DirectoryInfo _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("otel-sink");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public async Task Every_measurement_is_a_line_of_JSON()
    {
        var path = Path.Combine(_folder.FullName, "raw.jsonl");
        Metrics.AddSink(new JsonLinesMetricSink(path));
        Metrics.CreateGauge("temperature", "", "room");
        Metrics.Record("temperature", 21.5, MetricTags.Of(("room", "\"a\"\n\ud83d\ude00")), new Dictionary<string, object?> { ["ok"] = true, ["n"] = 3, ["who"] = "x", ["none"] = null });
        Metrics.Record("temperature", 7);
        await Metrics.FlushAsync();

        var lines = await File.ReadAllLinesAsync(path);
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.That(first.GetProperty("timestamp").GetDecimal(), Is.EqualTo(Clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000m));
        Assert.That((first.GetProperty("name").GetString(), first.GetProperty("value").GetDouble()), Is.EqualTo(("temperature", 21.5)));
        Assert.That(first.GetProperty("tags").GetProperty("room").GetString(), Is.EqualTo("\"a\"\n\ud83d\ude00"));
        Assert.That(first.GetProperty("metadata").GetRawText(), Is.EqualTo("""{"ok":true,"n":3,"who":"x","none":null}"""));
        Assert.That(JsonDocument.Parse(lines[1]).RootElement.GetProperty("value").GetDouble(), Is.EqualTo(7));
        Assert.That(lines, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Files_are_bounded_in_size_and_number_and_no_line_is_cut()
    {
        var path = Path.Combine(_folder.FullName, "raw.jsonl");
        Metrics.AddSink(new JsonLinesMetricSink(path, maxFileBytes: 2000, maxFiles: 3), new MetricBufferOptions { BatchSize = 10 });
        for (var i = 0; i < 500; i++)
        {
            Metrics.Record("n_total", i);
            if (i % 10 == 9) await Metrics.FlushAsync();
        }

        await Metrics.FlushAsync();
        var files = _folder.GetFiles();
        Assert.That(files, Has.Length.EqualTo(4));
        Assert.That(files.Select(file => file.Length), Is.All.LessThanOrEqualTo(2000));
        var values = files.OrderByDescending(file => file.Name, StringComparer.Ordinal).SelectMany(file => File.ReadAllLines(file.FullName))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("value").GetInt32()).ToArray();
        Assert.That(values, Is.EqualTo(Enumerable.Range(500 - values.Length, values.Length)), "the latest, in order");
    }

    [Test]
    public async Task What_keeps_it_from_writing_is_told_with_its_remedy_and_the_next_batch_is_written()
    {
        var told = new List<TelemetryError>();
        void Tell(TelemetryError error)
        {
            if (error.Component == "json_lines_sink") told.Add(error);
        }

        TelemetryErrors.Reported += Tell;
        var folder = Path.Combine(_folder.FullName, "later");
        Metrics.AddSink(new JsonLinesMetricSink(Path.Combine(folder, "raw.jsonl")));
        Metrics.Record("n_total", 1);
        await Metrics.FlushAsync();
        Directory.CreateDirectory(folder);
        Metrics.Record("n_total", 2);
        await Metrics.FlushAsync();
        TelemetryErrors.Reported -= Tell;

        var stats = Metrics.GetStats().Sinks.Single();
        Assert.That((stats.Flushed, stats.Dropped[CollectorDropReasons.Failed]), Is.EqualTo((1L, 1L)));
        Assert.That(told.Single().Exception!.Message, Does.Contain("later' does not exist: create it"));
    }
}
