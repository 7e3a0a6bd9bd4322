using OtelTelemetry.Hooks;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Diagnostics;

/// <summary>
/// Told of every collection and export of one application: keeps its self metrics current and calls its hooks.
/// A collection costs two looks at the clock, a counter and two gauges. Thread-safe.
/// </summary>
internal sealed class PipelineObserver
{
    private readonly MetricsRegistry[] _registries;
    private readonly TimeProvider _time;
    private readonly BoundCounter _runs;
    private readonly BoundGauge _duration;
    private readonly BoundGauge _metrics;

    /// <param name="own">The application's registry, which gets the metrics.</param>
    /// <param name="registries">All registries its exporters read.</param>
    /// <param name="time">The clock of durations.</param>
    internal PipelineObserver(MetricsRegistry own, MetricsRegistry[] registries, TimeProvider time)
    {
        _registries = registries;
        _time = time;
        SelfMetrics.Prepare();
        var metrics = new MetricsCollector(new MetricsCollectorOptions { Namespace = "telemetry", Registry = own, TimeProvider = time });
        _runs = metrics.CreateCounter("collection_runs_total", "Collections of metrics, by whatever exporter.").With();
        _duration = metrics.CreateGauge(new GaugeOptions("collection_duration_seconds") { Help = "How long the last collection of metrics took.", Unit = "s" }).With();
        _metrics = metrics.CreateGauge("metrics_count", "Metrics that are registered with this library.").With();
    }

    /// <summary>The moment, to be handed back.</summary>
    internal long Start() => _time.GetTimestamp();

    /// <summary>The time between two moments.</summary>
    internal TimeSpan Between(long started, long ended) => _time.GetElapsedTime(started, ended);

    internal void Collected(long started, int families, int failedSources) => Collected(_time.GetElapsedTime(started), families, failedSources);

    internal void Collected(TimeSpan duration, int families, int failedSources)
    {
        var registered = 0;
        foreach (var registry in _registries) registered += registry.Count;
        _runs.Inc();
        _duration.Set(duration.TotalSeconds);
        _metrics.Set(registered);
        foreach (var registry in _registries)
        {
            if (registry.HookPoints.Collect is { } hooks) HookPoints.Raise(hooks, new CollectionInfo(families, duration, failedSources));
        }
    }

    internal TimeSpan Exported(string component, long items, long? bytes, long started, bool success)
    {
        var duration = _time.GetElapsedTime(started);
        foreach (var registry in _registries)
        {
            if (registry.HookPoints.Export is { } hooks) HookPoints.Raise(hooks, new ExportInfo(component, items, bytes, duration, success));
        }

        return duration;
    }
}
