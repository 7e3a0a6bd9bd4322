using OtelTelemetry.Metrics;

namespace OtelTelemetry.Diagnostics;

/// <summary>Counts every loss of telemetry by signal, component and reason, as the metric <c>telemetry_dropped_total</c>.</summary>
internal static class TelemetryLosses
{
    private static readonly Lazy<Counter> s_dropped = new(() => new MetricsCollector("telemetry").CreateCounter(
        "dropped_total", "Telemetry that was not recorded or not delivered, by reason.", "signal", "component", "reason"));

    internal static void Count(string signal, string component, MeasurementDropReason reason) => Count(signal, component, NameOf(reason));

    internal static void Count(string signal, string component, string reason, long items = 1) =>
        s_dropped.Value.With(signal, component, reason).Inc(items);

    /// <summary>The series to keep where losses of one kind are frequent.</summary>
    internal static BoundCounter Bind(string signal, string component, string reason) => s_dropped.Value.With(signal, component, reason);

    /// <summary>How many were counted so far.</summary>
    internal static double Counted(string signal, string component, string reason) => s_dropped.Value.Get(signal, component, reason);

    internal static string NameOf(MeasurementDropReason reason) => reason switch
    {
        MeasurementDropReason.NotANumber => "not_a_number",
        MeasurementDropReason.Infinite => "infinite",
        MeasurementDropReason.NegativeIncrement => "negative_increment",
        _ => "label_mismatch",
    };
}
