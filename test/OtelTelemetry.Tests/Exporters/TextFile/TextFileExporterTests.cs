using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Exporters.TextFile;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.TextFile;

public class TextFileExporterTests : ExporterContract
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    protected override MetricsExporter Create() => Create(new TextFileExporterOptions { Path = _folder.File("shop.prom") });

    [Test]
    public async Task The_file_holds_the_text_of_a_scrape()
    {
        await using var exporter = Create();
        var result = await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 3), ("b", 4.5))]);
        const string expected = """
            # HELP target_info Target metadata
            # TYPE target_info gauge
            target_info{service_name="shop"} 1
            # HELP orders_total Help with "quotes", a \\ and a\nnew line.
            # TYPE orders_total counter
            orders_total{label="a"} 3
            orders_total{label="b"} 4.5

            """;
        Assert.That(await File.ReadAllTextAsync(_folder.File("shop.prom")), Is.EqualTo(expected));
        Assert.That(result, Is.EqualTo(MetricsExportResult.Success(2, expected.Length)));
    }

    [Test]
    public async Task Another_export_replaces_the_file_and_leaves_nothing_beside_it()
    {
        await using var exporter = Create();
        await exporter.ExportAsync(SomeFamilies.All);
        await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 1))]);
        Assert.That(await File.ReadAllTextAsync(_folder.File("shop.prom")), Does.Contain("orders_total{label=\"a\"} 1").And.Not.Contain("temperature"));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "shop.prom" }));
    }

    [Test]
    public async Task A_reader_never_sees_a_part()
    {
        await using var exporter = Create();
        MetricFamily[] families = [SomeFamilies.Numbers("many_total", MetricKind.Counter, "", [.. Enumerable.Range(0, 2000).Select(i => ($"{i}", (double)i))])];
        await exporter.ExportAsync(families);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await exporter.ExportAsync(families);
        });
        var readings = 0;
        while (!writing.IsCompleted || readings == 0)
        {
            var lines = await File.ReadAllLinesAsync(_folder.File("shop.prom"));
            Assert.That(lines, Has.Length.EqualTo(2005));
            readings++;
        }

        await writing;
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task The_file_has_the_mode_of_the_settings()
    {
        await using var open = Create(new TextFileExporterOptions { Path = _folder.File("open.prom") });
        await using var closed = Create(new TextFileExporterOptions { Path = _folder.File("closed.prom"), Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        await open.ExportAsync(SomeFamilies.All);
        await closed.ExportAsync(SomeFamilies.All);
#pragma warning disable CA1416 // Excluded above.
        Assert.That(Convert.ToString((int)File.GetUnixFileMode(_folder.File("open.prom")), 8), Is.EqualTo("644"));
        Assert.That(Convert.ToString((int)File.GetUnixFileMode(_folder.File("closed.prom")), 8), Is.EqualTo("600"));
#pragma warning restore CA1416
    }

    [Test]
    public async Task A_directory_that_is_missing_is_told_and_used_once_it_is_there()
    {
        var directory = _folder.File("later");
        await using var exporter = Create(new TextFileExporterOptions { Path = Path.Combine(directory, "shop.prom") });
        var result = await exporter.ExportAsync(SomeFamilies.All);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.Problem, Is.EqualTo($"the directory '{directory}' does not exist: create it, or give another path"));
        Assert.That(result.Cause, Is.InstanceOf<DirectoryNotFoundException>());

        Directory.CreateDirectory(directory);
        Assert.That((await exporter.ExportAsync(SomeFamilies.All)).Succeeded, Is.True);
    }

    [Test]
    public async Task A_path_that_is_a_directory_is_told()
    {
        Directory.CreateDirectory(_folder.File("taken.prom"));
        await using var exporter = Create(new TextFileExporterOptions { Path = _folder.File("taken.prom") });
        var result = await exporter.ExportAsync(SomeFamilies.All);
        Assert.That(result.Problem, Is.EqualTo($"'{_folder.File("taken.prom")}' is a directory: give the path of a file in it"));
        Assert.That(_folder.Files, Is.Empty);
    }

    [Test]
    public async Task A_failed_export_leaves_the_file_as_it_was()
    {
        await using var exporter = Create();
        await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 1))]);
        var before = await File.ReadAllTextAsync(_folder.File("shop.prom"));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.That(async () => await exporter.ExportAsync(SomeFamilies.All, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await File.ReadAllTextAsync(_folder.File("shop.prom")), Is.EqualTo(before));
        Assert.That(_folder.Files, Is.EqualTo(new[] { "shop.prom" }));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_full_disk_is_told_as_one_and_not_as_a_failed_scrape()
    {
        var errors = new List<TelemetryError>();
        void Hear(TelemetryError error)
        {
            if (error.Exception is IOException { HResult: 28 }) errors.Add(error);
        }

        TelemetryErrors.Reported += Hear;
        try
        {
            // Whatever is written to this device finds it full.
            var output = new PrometheusTextOutput(new ExporterContext("TextFile"), "", targetInfo: false);
            await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var exception = Assert.CatchAsync<IOException>(() => output.WriteAsync([.. SomeFamilies.All.Select(family => new MaterializedFamilyReader(family))], full, default))!;
            Assert.That(FileProblems.Describe("/no/such.prom", exception), Is.EqualTo("there is no space left for '/no/such.prom': free some, or give a path on another disk"));
        }
        finally
        {
            TelemetryErrors.Reported -= Hear;
        }

        Assert.That(errors, Is.Empty);
    }

    [Test]
    public async Task A_prefix_tells_the_metrics_of_applications_apart()
    {
        await using var exporter = Create(new TextFileExporterOptions { Path = _folder.File("shop.prom"), Prefix = "shop", TargetInfo = false });
        await exporter.ExportAsync([SomeFamilies.Numbers("dotnet.gc.collections", MetricKind.Counter, "{collection}", ("gen0", 1))]);
        Assert.That(await File.ReadAllTextAsync(_folder.File("shop.prom")), Does.EndWith("\nshop_dotnet_gc_collections_total{label=\"gen0\"} 1\n").And.Not.Contain("target_info"));
    }

    [Test]
    public void Wrong_settings_are_told_all_at_once() => Assert.That(
        () => new TextFileExporter(new TextFileExporterOptions { Mode = UnixFileMode.GroupRead, Prefix = "1st", Interval = TimeSpan.Zero }),
        Throws.ArgumentException.With.Message.Contains("TextFileExporterOptions.Path: there is no path")
            .And.Message.Contains("TextFileExporterOptions.Mode: 40 is no mode")
            .And.Message.Contains("TextFileExporterOptions.Prefix: '1st' cannot begin")
            .And.Message.Contains("TextFileExporterOptions.Interval"));

    private TextFileExporter Create(TextFileExporterOptions options) => new(options, new ExporterContext("NodeExporter")
    {
        TimeProvider = Clock,
        Resource = new Dictionary<string, object> { ["service.name"] = "shop" },
    });
}
