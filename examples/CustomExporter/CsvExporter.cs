using System.Globalization;
using OtelTelemetry.Exporters;
using OtelTelemetry.Reading;

namespace CustomExporter;

/// <summary>The settings: those every exporter has, and a path.</summary>
public sealed class CsvExporterOptions : MetricsExporterOptions
{
    public string Path { get; set; } = "metrics.csv";

    public override MetricsExporter Create(ExporterContext context) => new CsvExporter(Path, context.TimeProvider);
}

/// <summary>Appends a line of CSV for each series: time, metric, labels, value.</summary>
public sealed class CsvExporter(string path, TimeProvider clock) : MetricsExporter("csv")
{
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        var time = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        var lines = families.Select(MetricFamilyMaterializer.Materialize).SelectMany(family => family.Samples, (family, sample) => string.Join(
            ',', time, Quote(family.Descriptor.Name), Quote(string.Join(' ', sample.Labels.Select(label => $"{label.Key}={label.Value}"))), sample.Value.ToString(CultureInfo.InvariantCulture))).ToList();
        try
        {
            await File.AppendAllLinesAsync(path, lines, cancellationToken);
            return MetricsExportResult.Success(lines.Count);
        }
        catch (IOException exception)
        {
            return MetricsExportResult.Failure($"'{path}' could not be written: give another path", exception);
        }
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
