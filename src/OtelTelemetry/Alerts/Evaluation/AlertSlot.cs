namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>What a window keeps of one evaluation, or of a few that follow each other. Immutable.</summary>
/// <param name="At">The last of them.</param>
/// <param name="Total">How much the value had grown by then since the window's first point, resets taken into account.</param>
/// <param name="SumTotal">The same of a distribution's sum.</param>
/// <param name="Buckets">The buckets then; null for none.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Added">All values together.</param>
/// <param name="Values">How many values there were; 0 for a beginning at which the series did not exist.</param>
internal readonly record struct AlertSlot(DateTimeOffset At, double Total, double SumTotal, AlertBuckets? Buckets, double Minimum, double Maximum, double Added, int Values)
{
    /// <summary>The two as one.</summary>
    public AlertSlot With(AlertSlot later) =>
        later with { Minimum = Math.Min(Minimum, later.Minimum), Maximum = Math.Max(Maximum, later.Maximum), Added = Added + later.Added, Values = Values + later.Values };
}
