using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.TextFile;

/// <summary>
/// Writes metrics to a file as Prometheus text 0.0.4, replacing it as a whole each time: for node_exporter's textfile collector, for jobs
/// that end before anybody scrapes them, and for looking at. Thread-safe.
/// </summary>
public sealed class TextFileExporter : FileExporter
{
    private readonly AtomicFile _file;
    private readonly PrometheusTextOutput _text;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, copied here.</param>
    /// <param name="context">What it is made with; null for the defaults.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public TextFileExporter(TextFileExporterOptions options, ExporterContext? context = null)
        : this(options, context ?? new ExporterContext("TextFile"), Checked(options))
    {
    }

    private TextFileExporter(TextFileExporterOptions options, ExporterContext context, AtomicFile file)
        : base(ExporterSetup.NameOf(context.InstanceName), file.Path)
    {
        _file = file;
        _text = new PrometheusTextOutput(context, options.Prefix, options.TargetInfo);
    }

    private protected override async Task<MetricsExportResult> WriteAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken)
    {
        var series = 0L;
        var bytes = await _file.ReplaceAsync(
            async (stream, cancelled) => series = await _text.WriteAsync(families, stream, cancelled).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return MetricsExportResult.Success(series, bytes);
    }

    private static AtomicFile Checked(TextFileExporterOptions options)
    {
        ExporterSetup.Check(options);
        return new AtomicFile(options.Path, options.Mode);
    }
}
