using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters;

/// <summary>
/// Sends or writes metrics somewhere: the base of every exporter, and of a user's own. It reads the one read model, whatever recorded
/// the numbers. <see cref="PeriodicExporter"/> calls it on an interval, never twice at once; it may be ended during an export.
/// </summary>
/// <remarks>What an export throws is caught, counted and reported by whoever calls it; it never reaches the application.</remarks>
public abstract class MetricsExporter : IAsyncDisposable
{
    /// <summary>Makes the base.</summary>
    /// <param name="name">The exporter's name in metrics and messages: lower case with underscores.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    protected MetricsExporter(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The exporter's name in metrics and messages.</summary>
    public string Name { get; }

    /// <summary>Exports the metrics of one moment.</summary>
    /// <param name="families">The metric families; valid until the result ends. Two may have the same name when two meters have instruments of one name.</param>
    /// <param name="cancellationToken">Cancelled when the time for an export is over, or the exporter ends.</param>
    /// <returns>What was exported, or why nothing was.</returns>
    public abstract ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default);

    /// <summary>Exports families that were copied before, such as <see cref="Metrics.MetricsCollector.CollectAll"/> gives.</summary>
    /// <param name="families">The families.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    public ValueTask<MetricsExportResult> ExportAsync(IEnumerable<MetricFamily> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        return ExportAsync([.. families.Select(family => new MaterializedFamilyReader(family))], cancellationToken);
    }

    /// <summary>Releases what the exporter holds. Does nothing the second time.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
