using CustomExporter;
using OtelTelemetry.Exporters;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters;

/// <summary>The example of an exporter of one's own does what every exporter must do.</summary>
public class CustomExporterTests : ExporterContract
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    protected override MetricsExporter Create() =>
        new CsvExporterOptions { Path = _folder.File("metrics.csv") }.Create(new ExporterContext("Csv") { TimeProvider = Clock });

    [Test]
    public async Task A_series_is_a_line()
    {
        await Create().ExportAsync([SomeFamilies.Numbers("loaves_total", MetricKind.Counter, "", ("a \"b\"", 3.5))]);
        Assert.That(await File.ReadAllTextAsync(_folder.File("metrics.csv")), Is.EqualTo("2026-01-02T03:04:05.0000000+00:00,\"loaves_total\",\"label=a \"\"b\"\"\",3.5\n"));
    }
}
