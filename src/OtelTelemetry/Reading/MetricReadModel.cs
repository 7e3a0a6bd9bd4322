namespace OtelTelemetry.Reading;

/// <summary>The one read path: every exporter, query and monitor gets its metric families here, whatever recorded them. Thread-safe.</summary>
public sealed class MetricReadModel
{
    private readonly IMetricSource[] _sources;
    private MetricCollection.Parts? _spare;
    private long _failures;

    internal MetricReadModel(params IMetricSource[] sources) => _sources = sources;

    /// <summary>How many times a source threw while it was collected. Its families were then left out of that collection.</summary>
    internal long Failures => Volatile.Read(ref _failures);

    /// <summary>Collects the families of this moment from every source. Never throws for a source that fails.</summary>
    public MetricCollection Collect()
    {
        var collection = new MetricCollection(this, Interlocked.Exchange(ref _spare, null));
        foreach (var source in _sources)
        {
            try
            {
                source.Collect(collection);
            }
            catch (Exception)
            {
                Interlocked.Increment(ref _failures);
            }
        }

        return collection;
    }

    internal void TakeBack(MetricCollection.Parts parts) => Volatile.Write(ref _spare, parts);
}
