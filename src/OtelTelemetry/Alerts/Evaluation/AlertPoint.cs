namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>A series at one evaluation. Immutable.</summary>
/// <param name="At">When.</param>
/// <param name="Value">The value; of a distribution its count.</param>
/// <param name="Sum">The sum of a distribution's observations; NaN for what is none.</param>
/// <param name="Buckets">The buckets of a histogram; null for what has none.</param>
/// <param name="Published">The quantile a summary publishes itself; NaN for what does not.</param>
/// <param name="BeginsAtZero">Whether the series counts up from zero: a counter or a distribution.</param>
internal readonly record struct AlertPoint(DateTimeOffset At, double Value, double Sum, AlertBuckets? Buckets, double Published, bool BeginsAtZero)
{
    public bool IsDistribution => !double.IsNaN(Sum);
}
