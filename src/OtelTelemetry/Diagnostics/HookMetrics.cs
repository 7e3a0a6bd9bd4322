using OtelTelemetry.Metrics;

namespace OtelTelemetry.Diagnostics;

/// <summary>What the hooks of one name did: <c>telemetry_hook_runs_total</c>, <c>telemetry_hook_duration_seconds</c> and their losses.</summary>
internal sealed class HookMetrics(string name)
{
    private readonly BoundHistogram _duration = SelfMetrics.HookDuration.With(name);
    private readonly BoundCounter _ok = SelfMetrics.HookRuns.With(name, "ok");
    private BoundCounter? _full;

    internal void Ran(TimeSpan duration) => _duration.Observe(duration.TotalSeconds);

    /// <param name="result"><c>ok</c>, <c>error</c> or <c>timeout</c>.</param>
    internal void CountRun(string result)
    {
        if (result == "ok") _ok.Inc();
        else SelfMetrics.HookRuns.Inc(name, result);
    }

    /// <summary>Counts an item that found the queue full. That happens on the recording thread, and often where it happens at all.</summary>
    internal void CountFull() => (_full ??= TelemetryLosses.Bind("hooks", "hook_" + name, "buffer_full")).Inc();

    internal void CountDropped(string reason, long items) => TelemetryLosses.Count("hooks", "hook_" + name, reason, items);
}
