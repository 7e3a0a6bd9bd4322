using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Reading;

/// <summary>The one read path: every exporter, query and monitor gets its metric families here, whatever recorded them. Thread-safe.</summary>
public sealed class MetricReadModel
{
    private readonly IMetricSource[] _sources;
    private MetricCollection.Parts? _spare;
    private long _failures;

    internal MetricReadModel(params IMetricSource[] sources) => _sources = sources;

    /// <summary>Told of every collection and export; null where the families belong to no application.</summary>
    internal PipelineObserver? Observer { get; init; }

    /// <summary>How many times a source threw while it was collected. Its families were then left out of that collection.</summary>
    internal long Failures => Volatile.Read(ref _failures);

    /// <summary>Collects the families of this moment from every source. Never throws for a source that fails.</summary>
    public MetricCollection Collect()
    {
        var collection = new MetricCollection(this, Interlocked.Exchange(ref _spare, null));
        var started = Observer?.Start() ?? 0;
        var failed = 0;
        foreach (var source in _sources)
        {
            try
            {
                source.Collect(collection);
            }
            catch (Exception exception)
            {
                failed++;
                Interlocked.Increment(ref _failures);
                TelemetryErrors.Report("read_model", "a source of metrics failed, and its families are missing from a collection", "See the cause", exception);
            }
        }

        Observer?.Collected(started, collection.Families.Count, failed);

        return collection;
    }

    internal void TakeBack(MetricCollection.Parts parts) => Volatile.Write(ref _spare, parts);
}
