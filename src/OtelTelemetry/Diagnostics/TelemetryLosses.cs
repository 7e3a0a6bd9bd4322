using OtelTelemetry.Metrics;

namespace OtelTelemetry.Diagnostics;

/// <summary>Counts every loss of telemetry by signal, component and reason, as the metric <c>telemetry_dropped_total</c>.</summary>
internal static class TelemetryLosses
{
    private static readonly Lazy<Counter> s_dropped = new(() => new MetricsCollector("telemetry").CreateCounter(
        "dropped_total", "Telemetry that was not recorded or not delivered, by reason.", "signal", "component", "reason"));

    internal static void Count(string signal, string component, MeasurementDropReason reason) =>
        Count(signal, component, reason switch
        {
            MeasurementDropReason.NotANumber => "not_a_number",
            MeasurementDropReason.Infinite => "infinite",
            MeasurementDropReason.NegativeIncrement => "negative_increment",
            _ => "label_mismatch",
        });

    internal static void Count(string signal, string component, string reason, long items = 1) =>
        s_dropped.Value.With(signal, component, reason).Inc(items);
}
