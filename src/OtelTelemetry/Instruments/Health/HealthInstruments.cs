using OtelTelemetry.Metrics;

namespace OtelTelemetry.Instruments;

/// <summary>
/// What the health of a program is watched by: <c>health_status</c> (0 unknown, 1 healthy, 2 degraded, 3 unhealthy),
/// <c>health_checks_total</c>, <c>health_check_duration_seconds</c>. A collector's namespace comes before the names. Several sets on one
/// collector share their metrics. Thread-safe; its methods never throw.
/// </summary>
/// <example><code>
/// var health = new HealthInstruments(collector);
/// health.CheckCompleted(HealthState.Healthy, TimeSpan.FromMilliseconds(40));
/// </code></example>
public sealed class HealthInstruments
{
    private readonly BoundGauge _status;
    private readonly BoundCounter _checks;
    private readonly Histogram _duration;

    /// <summary>Makes the metrics, or takes those the collector has.</summary>
    /// <param name="collector">Where the metrics are.</param>
    /// <exception cref="DuplicateMetricException">A different metric has one of the names.</exception>
    public HealthInstruments(MetricsCollector collector)
    {
        _status = InstrumentSet.Gauge(collector, new GaugeOptions("health_status")
        {
            Help = "Current health (0=unknown, 1=healthy, 2=degraded, 3=unhealthy).",
        }).With();
        _checks = InstrumentSet.Counter(collector, new CounterOptions("health_checks_total") { Help = "Health checks performed." }).With();
        _duration = InstrumentSet.Histogram(collector, new HistogramOptions("health_check_duration_seconds")
        {
            Help = "Time a health check took.",
            Unit = "s",
        });
    }

    /// <summary>The program is now so.</summary>
    /// <param name="state">How it is; a value that is not defined is taken as unknown.</param>
    public void StatusChanged(HealthState state) => _status.Set(state is >= HealthState.Unknown and <= HealthState.Unhealthy ? (int)state : 0);

    /// <summary>A health check has ended.</summary>
    /// <param name="state">What it found, which becomes the status; a value that is not defined is taken as unknown.</param>
    /// <param name="duration">How long it took.</param>
    public void CheckCompleted(HealthState state, TimeSpan duration)
    {
        CheckRan(duration);
        StatusChanged(state);
    }

    /// <summary>A health check has ended, one of several: the status is left to <see cref="StatusChanged"/>.</summary>
    internal void CheckRan(TimeSpan duration)
    {
        _checks.Inc();
        _duration.Observe(duration.TotalSeconds);
    }

    /// <summary>Counts a health check and measures it from now until the result is disposed. The status is left to <see cref="StatusChanged"/>.</summary>
    public DurationScope MeasureCheck()
    {
        _checks.Inc();
        return _duration.Time();
    }
}
