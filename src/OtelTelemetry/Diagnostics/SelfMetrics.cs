using OtelTelemetry.Metrics;

namespace OtelTelemetry.Diagnostics;

/// <summary>
/// What the library tells of itself, for the whole process: it is recorded by parts that may have no host. What belongs to one
/// application's collections is in <see cref="PipelineObserver"/>; losses are in <see cref="TelemetryLosses"/>.
/// </summary>
internal static class SelfMetrics
{
    /// <summary>The most hook or event names that are told apart; more share one series.</summary>
    internal const int MostNames = 200;

    private static readonly MetricsCollector s_metrics = new("telemetry");

    internal static Counter Events { get; } = s_metrics.CreateCounter(new CounterOptions("events_total")
    {
        Help = "Events that were recorded, by name.",
        LabelNames = ["event"],
        MaxSeries = MostNames,
    });

    internal static Counter EventsPushedOut { get; } = s_metrics.CreateCounter(
        "events_pushed_out_total", "Events that can no longer be read back, because newer ones took their place (count) or they are too old (age).", "reason");

    internal static Counter SpansPushedOut { get; } = s_metrics.CreateCounter(
        "spans_pushed_out_total", "Ended spans that can no longer be read back in the process, because newer ones took their place.");

    internal static Counter LogsPushedOut { get; } = s_metrics.CreateCounter(
        "logs_pushed_out_total", "Log records that can no longer be read back in the process, because newer ones took their place.");

    internal static Counter HookRuns { get; } = s_metrics.CreateCounter(new CounterOptions("hook_runs_total")
    {
        Help = "Runs of hooks, by how they ended: ok, error, timeout.",
        LabelNames = ["hook", "result"],
        MaxSeries = 3 * MostNames,
    });

    internal static Histogram HookDuration { get; } = s_metrics.CreateHistogram(new HistogramOptions("hook_duration_seconds")
    {
        Help = "How long runs of hooks take.",
        Unit = "s",
        LabelNames = ["hook"],
        Buckets = [0.0001, 0.001, 0.01, 0.1, 1, 10],
        MaxSeries = MostNames,
    });

    internal static Counter MonitorRuns { get; } = s_metrics.CreateCounter(new CounterOptions("monitor_runs_total")
    {
        Help = "Runs of the collectors of performance monitors, by how they ended: ok, error, timeout, skipped.",
        LabelNames = ["collector", "result"],
        MaxSeries = 4 * MostNames,
    });

    internal static Histogram MonitorDuration { get; } = s_metrics.CreateHistogram(new HistogramOptions("monitor_run_duration_seconds")
    {
        Help = "How long runs of the collectors of performance monitors take.",
        Unit = "s",
        LabelNames = ["collector"],
        Buckets = [0.0001, 0.001, 0.01, 0.1, 1, 10],
        MaxSeries = MostNames,
    });

    internal static Gauge Alerts { get; } = s_metrics.CreateGauge(new GaugeOptions("alerts")
    {
        Help = "Alerts of the application's own rules that are pending or firing, muted ones too.",
        LabelNames = ["rule", "state"],
        MaxSeries = 2 * MostNames,
    });

    internal static Counter AlertRuleRuns { get; } = s_metrics.CreateCounter(new CounterOptions("alert_rule_runs_total")
    {
        Help = "Evaluations of the application's own alert rules, by how they ended: ok, error.",
        LabelNames = ["rule", "result"],
        MaxSeries = 2 * MostNames,
    });

    internal static Counter AlertNotifications { get; } = s_metrics.CreateCounter(new CounterOptions("alert_notifications_total")
    {
        Help = "Notifications about groups of alerts, by how the handler ended: ok, error, timeout.",
        LabelNames = ["handler", "result"],
        MaxSeries = 3 * MostNames,
    });

    /// <summary>Makes the metrics, so that exporters show them from the beginning.</summary>
    internal static void Prepare() => _ = Events;
}
