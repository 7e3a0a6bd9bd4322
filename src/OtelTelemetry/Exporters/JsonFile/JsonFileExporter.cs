using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.JsonFile;

/// <summary>
/// Writes metrics to a file as one JSON document (<c>timestamp</c>, <c>metrics</c> by name, <c>events_count</c>, <c>running</c>), replacing it
/// as a whole each time. When the exporter ends, the document stays with <c>running</c> false. Thread-safe.
/// </summary>
public sealed class JsonFileExporter : FileExporter
{
    private readonly AtomicFile _file;
    private readonly TimeProvider _time;
    private bool _written;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, copied here.</param>
    /// <param name="context">What it is made with; null for the defaults.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public JsonFileExporter(JsonFileExporterOptions options, ExporterContext? context = null)
        : this(context ?? new ExporterContext("JsonFile"), Checked(options))
    {
    }

    private JsonFileExporter(ExporterContext context, AtomicFile file)
        : base(ExporterSetup.NameOf(context.InstanceName), file.Path)
    {
        _file = file;
        _time = context.TimeProvider;
    }

    private protected override async Task<MetricsExportResult> WriteAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken)
    {
        var series = 0L;
        var now = _time.GetUtcNow();
        var bytes = await _file.ReplaceAsync(
            async (stream, cancelled) => series = await MetricsDocument.WriteAsync(families, now, stream, cancelled).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        _written = true;
        return MetricsExportResult.Success(series, bytes);
    }

    /// <summary>The last document says that nobody goes on with it.</summary>
    private protected override async Task EndAsync()
    {
        if (!_written) return;
        try
        {
            var document = await File.ReadAllBytesAsync(_file.Path).ConfigureAwait(false);
            if (!MetricsDocument.TryStop(document, out var stopped)) return;
            await _file.ReplaceAsync((stream, cancelled) => stream.WriteAsync(stopped, cancelled).AsTask(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (FileProblems.IsOne(exception))
        {
            TelemetryErrors.Report(Diagnostic.FileNotCompleted, Name, FileProblems.Describe(_file.Path, exception), "The file still says \"running\": true", exception);
        }
    }

    private static AtomicFile Checked(JsonFileExporterOptions options)
    {
        ExporterSetup.Check(options);
        return new AtomicFile(options.Path, options.Mode);
    }
}
