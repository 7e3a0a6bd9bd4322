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
                TelemetryErrors.Report(Diagnostic.MetricSourceFailed, "read_model", "a source of metrics failed, and its families are missing from a collection", "See the cause", exception);
            }
        }

        Observer?.Collected(started, collection.Families.Count, failed);

        return collection;
    }

    /// <summary>The value below which a share of the observations of a metric lies, whichever library recorded them. Series that carry the
    /// given labels are put together where they are histograms; a summary answers for one series, and for the quantiles it publishes.
    /// NaN when there is no such series or observation, and when series have different buckets. Never throws for a source that fails.</summary>
    /// <param name="name">The metric's name as it is exported, before any backend's renaming.</param>
    /// <param name="quantile">From 0 to 1: 0.95 for the 95th percentile.</param>
    /// <param name="labels">Labels that a series must carry, by name and in any order. None: all series of the metric.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside that range.</exception>
    public double GetQuantile(string name, double quantile, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        ArgumentNullException.ThrowIfNull(name);
        BucketQuantiles.Check(quantile);
        var query = new QuantileQuery(labels.ToArray(), quantile);
        using var collection = Collect();
        foreach (var family in collection.Families)
        {
            if (family.Descriptor.Name != name) continue;
            for (var position = 0; position != MetricFamilyReader.Done;) position = family.Read(position, query);
        }

        return query.Answer();
    }

    internal void TakeBack(MetricCollection.Parts parts) => Volatile.Write(ref _spare, parts);
}
