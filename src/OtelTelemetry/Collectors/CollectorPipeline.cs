using OtelTelemetry.Collectors.Recording;
using OtelTelemetry.Delivery;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Collectors;

/// <summary>
/// Collectors one after the other in front of a <see cref="MetricsCollector"/>. It accounts for every measurement: recorded is always
/// applied, plus buffered, plus dropped by reason. Thread-safe. Ending it loses nothing that was accepted.
/// </summary>
public sealed class CollectorPipeline : IMetricCollector, IAsyncDisposable, IDisposable
{
    private const int MostAttempts = 8;

    private readonly OutcomeCounter _recorded = new();
    private readonly DropCounters _failed = new("collector_pipeline");
    private readonly InstrumentStage _instruments;
    private readonly IMetricCollector _first;

    internal CollectorPipeline(MetricsCollector metrics, IEnumerable<CollectorOptions> stages, DeliveryMonitor? delivery = null)
    {
        _instruments = new InstrumentStage(metrics);
        IMetricCollector next = _instruments;
        var made = new List<IMetricCollector>();
        foreach (var options in stages.Reverse())
        {
            next = options.Create(next, metrics.TimeProvider, delivery);
            made.Insert(0, next);
        }

        _first = next;
        Stages = made;
    }

    /// <summary>The collectors, in the order in which a measurement meets them.</summary>
    public IReadOnlyList<IMetricCollector> Stages { get; }

    /// <inheritdoc/>
    public void Record(in Metric metric)
    {
        _recorded.Add();
        try
        {
            _first.Record(metric);
        }
        catch (Exception)
        {
            // A collector that is none of ours.
            _failed.Count(CollectorDropReasons.Failed);
        }
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => _first.FlushAsync(cancellationToken);

    /// <summary>What became of the measurements recorded here, over all collectors of the pipeline. <see cref="CollectorStatistics.Buffered"/>
    /// are those that are held back, or on their way at this moment. Each collector's own share: its <see cref="IMetricCollector.GetStats"/>.</summary>
    public CollectorStatistics GetStats()
    {
        // A reader that was interrupted between two numbers would take all that was recorded meanwhile for buffered.
        var (best, least) = Read();
        for (var attempt = 1; attempt < MostAttempts && least > 0; attempt++)
        {
            var (stats, meanwhile) = Read();
            if (meanwhile < least) (best, least) = (stats, meanwhile);
        }

        return best;
    }

    /// <summary>Ends the collectors one after the other; each passes on what it holds back. The <see cref="MetricsCollector"/> goes on,
    /// and what is recorded here afterwards passes straight through.</summary>
    public async ValueTask DisposeAsync()
    {
        _instruments.FlushesSinks = false;
        foreach (var stage in Stages)
        {
            if (stage is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().ConfigureAwait(false);
            else (stage as IDisposable)?.Dispose();
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <returns>The numbers, and how many measurements were recorded while they were read.</returns>
    private (CollectorStatistics Stats, long Meanwhile) Read()
    {
        var before = _recorded.Value + Stages.Sum(stage => (stage as DecoratingCollector)?.Adopted ?? 0);

        // From the end to the beginning: what moves on meanwhile was counted as recorded before.
        var end = _instruments.GetStats();
        var dropped = new Dictionary<string, long>(end.Dropped, StringComparer.Ordinal);
        foreach (var stage in Stages) Add(stage.GetStats().Dropped);
        Add(_failed.Read());
        var recorded = _recorded.Value + Stages.Sum(stage => (stage as DecoratingCollector)?.Adopted ?? 0);
        var stats = new CollectorStatistics
        {
            Recorded = recorded,
            Applied = end.Applied,
            Buffered = recorded - end.Applied - dropped.Values.Sum(),
            Dropped = dropped,
            Sinks = end.Sinks,
        };
        return (stats, recorded - before);

        void Add(IReadOnlyDictionary<string, long> counts)
        {
            foreach (var (reason, count) in counts) dropped[reason] = dropped.GetValueOrDefault(reason) + count;
        }
    }
}
