namespace OtelTelemetry.Collectors;

/// <summary>
/// What takes measurements by name: a <see cref="Metrics.MetricsCollector"/>, or something that stands in front of one and samples,
/// limits, batches or aggregates. Nothing of this has to do with the OpenTelemetry Collector. Implementations are thread-safe.
/// </summary>
public interface IMetricCollector
{
    /// <summary>Takes a measurement. Never throws and never waits for anybody: what cannot be taken is counted by reason.</summary>
    /// <param name="metric">The measurement.</param>
    void Record(in Metric metric);

    /// <summary>Passes on everything that is held back, here and further on.</summary>
    /// <param name="cancellationToken">Ends the waiting for sinks.</param>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>What became of the measurements so far: <see cref="CollectorStatistics.Recorded"/> is always the sum of
    /// <see cref="CollectorStatistics.Applied"/>, <see cref="CollectorStatistics.Buffered"/> and everything in
    /// <see cref="CollectorStatistics.Dropped"/>.</summary>
    CollectorStatistics GetStats();
}
