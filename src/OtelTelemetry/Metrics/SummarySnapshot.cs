namespace OtelTelemetry.Metrics;

/// <summary>A consistent reading of one summary series. Immutable.</summary>
/// <param name="Quantiles">The published quantiles.</param>
/// <param name="Values">The value of each over the sliding window; NaN while the window is empty.</param>
/// <param name="Count">How many values were observed since start.</param>
/// <param name="Sum">Their sum since start.</param>
public sealed record SummarySnapshot(IReadOnlyList<double> Quantiles, IReadOnlyList<double> Values, long Count, double Sum);
