using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters;

/// <summary>Exports to several exporters at once; each fails alone. Thread-safe as far as its exporters are.</summary>
public sealed class MultiExporter : MetricsExporter
{
    private readonly MetricsExporter[] _exporters;

    /// <summary>Makes a fan-out.</summary>
    /// <param name="exporters">The exporters, which end with this one.</param>
    public MultiExporter(params IEnumerable<MetricsExporter> exporters)
        : base("multi_exporter") => _exporters = [.. exporters];

    /// <summary>The exporters.</summary>
    public IReadOnlyList<MetricsExporter> Exporters => _exporters;

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        var results = await Task.WhenAll(_exporters.Select(exporter => ExportAsync(exporter, families, cancellationToken))).ConfigureAwait(false);
        var failures = results.Where(result => !result.Result.Succeeded).ToArray();
        var items = results.Sum(result => result.Result.Items);
        if (failures.Length == 0) return MetricsExportResult.Success(items, results.Sum(result => result.Result.Bytes));
        return MetricsExportResult.Failure(
            string.Join("; ", failures.Select(failure => $"{failure.Name}: {failure.Result.Problem}")),
            failures[0].Result.Cause,
            items);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (var exporter in _exporters)
        {
            try
            {
                await exporter.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                TelemetryErrors.Report(Diagnostic.ExporterCloseFailed, exporter.Name, "the exporter failed while it was closed", "See the cause", exception);
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<(string Name, MetricsExportResult Result)> ExportAsync(
        MetricsExporter exporter, IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken)
    {
        try
        {
            return (exporter.Name, await exporter.ExportAsync(families, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            return (exporter.Name, MetricsExportResult.Failure(exception is OperationCanceledException ? "the export was cancelled" : "the export failed", exception));
        }
    }
}
