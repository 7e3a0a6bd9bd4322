using OtelTelemetry.Diagnostics;
using OtelTelemetry.Instruments;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Health.Running;

/// <summary>What the checks are watched by: those of <see cref="HealthInstruments"/> for all of them together, and three for each. Thread-safe.</summary>
internal sealed class HealthMetrics
{
    private readonly HealthInstruments _all;
    private readonly Gauge _status;
    private readonly Counter _runs;
    private readonly Gauge _duration;

    private HealthMetrics(MetricsCollector collector)
    {
        _all = new HealthInstruments(collector);
        _status = InstrumentSet.Gauge(collector, new GaugeOptions("health_check_status")
        {
            Help = "State of each health check (0=unknown, 1=healthy, 2=degraded, 3=unhealthy).",
            LabelNames = ["check"],
        });
        _runs = InstrumentSet.Counter(collector, new CounterOptions("health_check_runs_total")
        {
            Help = "Runs of each health check, by what they found.",
            LabelNames = ["check", "result"],
        });
        _duration = InstrumentSet.Gauge(collector, new GaugeOptions("health_check_last_duration_seconds")
        {
            Help = "Time the last run of each health check took.",
            Unit = "s",
            LabelNames = ["check"],
        });
    }

    /// <summary>Makes the metrics; null, which is reported, where the application has others under their names.</summary>
    public static HealthMetrics? TryCreate(MetricsCollector collector)
    {
        try
        {
            return new HealthMetrics(collector);
        }
        catch (DuplicateMetricException exception)
        {
            TelemetryErrors.Report(Diagnostic.HealthMetricsMissing, "health", "the metrics of health checks cannot be made, and are missing", "Rename the application's metric of that name", exception);
            return null;
        }
    }

    /// <summary>Shows a check before its first run.</summary>
    public void Prepare(string check) => _status.With(check).Set((int)HealthState.Unknown);

    public void Overall(HealthState state) => _all.StatusChanged(state);

    public void Ran(HealthCheckReport check)
    {
        var run = check.LastRun!;
        _all.CheckRan(run.Duration);
        _status.With(check.Name).Set((int)check.State);
        _runs.With(check.Name, HealthMonitor.NameOf(run.Result)).Inc();
        _duration.With(check.Name).Set(run.Duration.TotalSeconds);
    }
}
