namespace OtelTelemetry.Collectors;

/// <summary>
/// Takes raw measurements, batch by batch: a store, a file. It is called by one thread at a time, in the order of the records, never on
/// the thread that records. What it throws is counted and reported, and reaches nobody.
/// </summary>
public interface IMetricSink
{
    /// <summary>The name in statistics and in <c>telemetry_dropped_total</c>: lower case with underscores.</summary>
    string Name { get; }

    /// <summary>Writes a batch.</summary>
    /// <param name="batch">The measurements, each with its timestamp. Valid until the result ends; copy what must outlive it.</param>
    /// <param name="cancellationToken">Cancelled when the time for a batch is over.</param>
    ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken);
}
