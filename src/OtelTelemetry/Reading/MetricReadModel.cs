namespace OtelTelemetry.Reading;

/// <summary>The one read path: every exporter, query and monitor gets its metric families here, whatever recorded them. Thread-safe.</summary>
public sealed class MetricReadModel
{
    private readonly IMetricSource[] _sources;

    internal MetricReadModel(params IMetricSource[] sources) => _sources = sources;

    /// <summary>Collects the families of this moment from every source. Never throws for a source that fails.</summary>
    public MetricCollection Collect()
    {
        var collection = new MetricCollection();
        foreach (var source in _sources)
        {
            source.Collect(collection);
        }

        return collection;
    }
}
