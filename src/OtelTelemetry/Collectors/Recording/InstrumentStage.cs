using OtelTelemetry.Metrics;

namespace OtelTelemetry.Collectors.Recording;

/// <summary>The end of one pipeline: it counts what the pipeline alone put into the instruments, which others use as well.</summary>
internal sealed class InstrumentStage(MetricsCollector metrics) : IMetricCollector
{
    private readonly OutcomeCounter _applied = new();

    // The instrument or the collector has told telemetry_dropped_total already.
    private readonly DropCounters _dropped = new(component: null);

    /// <summary>Whether a flush waits for the sinks too. Default: true.</summary>
    internal bool FlushesSinks { get; set; } = true;

    public void Record(in Metric metric)
    {
        if (metrics.Take(metric) is { } reason) _dropped.Count(reason);
        else _applied.Add();
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => FlushesSinks ? metrics.FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    public CollectorStatistics GetStats()
    {
        var applied = _applied.Value;
        var dropped = _dropped.Read();
        return new CollectorStatistics
        {
            Recorded = applied + dropped.Values.Sum(),
            Applied = applied,
            Dropped = dropped,
            Sinks = metrics.GetStats().Sinks,
        };
    }
}
