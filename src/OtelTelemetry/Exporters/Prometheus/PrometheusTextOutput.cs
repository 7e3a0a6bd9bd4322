using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Writes the families of an export as the text of a scrape, for exporters that bring the text somewhere. Thread-safe.</summary>
internal sealed class PrometheusTextOutput(ExporterContext context, string prefix, bool targetInfo)
{
    private readonly PrometheusScrapeHandler _handler = new(
        new MetricReadModel(),
        new PrometheusExporterOptions { Prefix = prefix, TargetInfo = targetInfo, Exemplars = false },
        context.Resource,
        context.TimeProvider,
        context.Logger);

    /// <summary>Writes text 0.0.4.</summary>
    /// <returns>How many series were written.</returns>
    public async Task<long> WriteAsync(IReadOnlyList<MetricFamilyReader> families, Stream output, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var counter = new SeriesCounter();
        await _handler.WriteAsync(output, default, counter.Count(families), cancellationToken).ConfigureAwait(false);
        return counter.Series;
    }
}
