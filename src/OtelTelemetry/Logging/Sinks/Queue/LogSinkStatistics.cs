namespace OtelTelemetry.Logging.Sinks.Queue;

/// <summary>What became of the records of one sink at one moment: <c>Accepted = Written + Dropped + Pending</c>. Immutable.</summary>
/// <param name="Accepted">Records that reached the sink.</param>
/// <param name="Written">Records that are written.</param>
/// <param name="Dropped">Records that are lost, counted by reason in <c>telemetry_dropped_total</c>.</param>
/// <param name="Pending">Records that wait.</param>
public readonly record struct LogSinkStatistics(long Accepted, long Written, long Dropped, long Pending);
