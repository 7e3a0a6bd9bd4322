using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Writes the families of an export as the text of a scrape, for exporters that bring the text somewhere. One export at a time.</summary>
internal sealed class PrometheusTextOutput
{
    private readonly ExportedFamilies _families = new();
    private readonly PrometheusScrapeHandler _handler;

    public PrometheusTextOutput(ExporterContext context, string prefix, bool targetInfo) => _handler = new PrometheusScrapeHandler(
        new MetricReadModel(_families),
        new PrometheusExporterOptions { Prefix = prefix, TargetInfo = targetInfo, Exemplars = false },
        context.Resource,
        context.TimeProvider,
        context.Logger);

    /// <summary>Writes text 0.0.4.</summary>
    /// <returns>How many series were written.</returns>
    public async Task<long> WriteAsync(IReadOnlyList<MetricFamilyReader> families, Stream output, CancellationToken cancellationToken)
    {
        var counter = new SeriesCounter();
        _families.Current = counter.Count(families);
        try
        {
            await _handler.WriteAsync(output, default, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // They are valid during the export only.
            _families.Current = [];
        }

        return counter.Series;
    }

    private sealed class ExportedFamilies : IMetricSource
    {
        public IReadOnlyList<MetricFamilyReader> Current { get; set; } = [];

        public void Collect(MetricCollection collection)
        {
            foreach (var family in Current) collection.Add(family);
        }
    }
}
