using System.Text;
using System.Text.Json.Nodes;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Exporters.StatsD;
using OtelTelemetry.Tests.Support;
using static OtelTelemetry.Tests.Support.SomeFamilies;

namespace OtelTelemetry.Tests.Exporters.CloudWatch;

public class EmfOutputTests
{
    private readonly FakeClock _clock = new();

    [Test]
    public async Task Each_series_is_a_line()
    {
        using var output = new MemoryStream();
        await using var exporter = Create(new() { Namespace = "shop", Output = output, Dimensions = { ["env"] = "test" } });
        Assert.That((await exporter.ExportAsync(StatsDOutputTests.OneOfEach)).Items, Is.EqualTo(11));
        var lines = Text(output).TrimEnd('\n').Split('\n');
        Assert.That(lines.Take(1).Concat(lines.Skip(5).Take(2)), Is.EqualTo(new[]
        {
            """{"_aws":{"Timestamp":1767323045000,"CloudWatchMetrics":[{"Namespace":"shop","Dimensions":[["label","env"]],"Metrics":[{"Name":"requests_total","Unit":"Count"}]}]},"label":"GET","env":"test","requests_total":5}""",
            """{"_aws":{"Timestamp":1767323045000,"CloudWatchMetrics":[{"Namespace":"shop","Dimensions":[["route","env"]],"Metrics":[{"Name":"http.request.duration","Unit":"Seconds"}]}]},"route":"a","env":"test","http.request.duration":{"Max":3.125,"Min":0,"Count":4,"Sum":12.5}}""",
            """{"_aws":{"Timestamp":1767323045000,"CloudWatchMetrics":[{"Namespace":"shop","Dimensions":[["route","env"]],"Metrics":[{"Name":"payload.size","Unit":"Bytes"}]}]},"route":"a","env":"test","payload.size":{"Max":4,"Min":0,"Count":6,"Sum":3.5}}""",
        }));
        Assert.That(lines.Select(line => JsonNode.Parse(line)!["_aws"]!["CloudWatchMetrics"]![0]!["Metrics"]![0]!["Name"]!.GetValue<string>()), Is.EqualTo(new[]
        {
            "requests_total", "requests_total", "temperature", "temperature", "open.connections", "http.request.duration", "payload.size",
            "payment_seconds.count", "payment_seconds.sum", "payment_seconds.p50", "payment_seconds.p99_9",
        }));
    }

    [Test]
    public async Task Values_with_their_counts_and_names_that_would_meet_in_one_object()
    {
        using var output = new MemoryStream();
        await using var exporter = Create(new() { Namespace = "shop", Output = output, Histograms = CloudWatchHistograms.ValuesAndCounts, StorageResolution = 1 });
        var family = new MetricFamily(
            new MetricDescriptor("h", MetricKind.Histogram, "s", "", Scope),
            [new MetricSample([new("h", "a"), new("_aws", "b")], new HistogramSample([0.1, 1], [2, 1, 1], 12.5))]);
        await exporter.ExportAsync([family]);
        Assert.That(Text(output), Is.EqualTo(
            """{"_aws":{"Timestamp":1767323045000,"CloudWatchMetrics":[{"Namespace":"shop","Dimensions":[["h_","_aws_"]],"Metrics":[{"Name":"h","Unit":"Seconds","StorageResolution":1}]}]},"h_":"a","_aws_":"b","h":{"Values":[0.05,0.55,1],"Counts":[2,1,1],"Max":1,"Min":0.05,"Count":4,"Sum":1.65}}"""
            + "\n"));
    }

    [Test]
    public async Task What_could_not_be_written_comes_with_the_next_export_and_full_files_make_room()
    {
        var folder = Directory.CreateTempSubdirectory("emf-").FullName;
        var path = Path.Combine(folder, "later", "metrics.emf");
        await using var exporter = Create(new() { Path = path, MaxFileBytes = 1000, MaxFiles = 1 });
        var missing = await Export(exporter, 5);
        Assert.That((missing.Succeeded, missing.Problem), Is.EqualTo((false, $"the directory '{Path.Combine(folder, "later")}' does not exist: create it, or give another path")));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Assert.That((await Export(exporter, 7)).Succeeded, Is.True);
        Assert.That(File.ReadAllText(path), Does.EndWith("\"n\":7}\n"));
        for (var i = 8; i < 50; i++) await Export(exporter, i);
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "metrics.emf", "metrics.emf.1" }));
        Assert.That(new FileInfo(path).Length, Is.LessThanOrEqualTo(1000));
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Every_setting_is_read()
    {
        CloudWatchExporterBuilderExtensions.MakeKnown();
        var options = ExporterSettings.Read<EmfExporterOptions>(
            "Emf", ("Namespace", "n"), ("Dimensions:env", "test"), ("Histograms", "ValuesAndCounts"), ("StorageResolution", "1"), ("Path", "/tmp/x"), ("Mode", "600"), ("MaxFileBytes", "5000"), ("MaxFiles", "3"), ("MaxSeries", "10"));
        Assert.That(
            (options.Namespace, options.Dimensions["env"], options.Histograms, options.StorageResolution, options.Path, (int)options.Mode, options.MaxFileBytes, options.MaxFiles, options.MaxSeries),
            Is.EqualTo(("n", "test", CloudWatchHistograms.ValuesAndCounts, 1, "/tmp/x", 384, 5000L, 3, 10)));
    }

    private EmfExporter Create(EmfExporterOptions options) => new(options, new ExporterContext("Emf") { TimeProvider = _clock });

    private static async Task<MetricsExportResult> Export(EmfExporter exporter, double value) => await exporter.ExportAsync([Numbers("n", MetricKind.Counter, "", ("x", value))]);

    private static string Text(MemoryStream output) => Encoding.UTF8.GetString(output.ToArray());
}
