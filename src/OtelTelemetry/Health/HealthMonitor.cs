using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Events;
using OtelTelemetry.Health.Running;
using OtelTelemetry.Instruments;

namespace OtelTelemetry.Health;

/// <summary>
/// Runs the health checks of an application in the background and knows how they stand. Asking runs nothing and waits for nothing.
/// It starts and ends with telemetry; where telemetry is disabled, with the web application that maps its endpoints. A service of the
/// application, and <see cref="TelemetryManager.Health"/>. Thread-safe.
/// </summary>
public sealed class HealthMonitor : IAsyncDisposable, IDisposable
{
    /// <summary>The group that is asked whether the process lives. A check that does not run yet says nothing against that.</summary>
    public const string LiveGroup = "live";

    /// <summary>The group that is asked whether the application can serve: the checks with this tag, and those without the tag <see cref="LiveGroup"/>.</summary>
    public const string ReadyGroup = "ready";

    /// <summary>The name of the events that tell of a check's change of state.</summary>
    public const string StateChangedEvent = "health_state_changed";

    /// <summary>How long the disposal waits for checks under way.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly MonitoredCheck[] _checks;
    private readonly IReadOnlyList<object> _owned;
    private readonly HealthMetrics? _metrics;
    private readonly TelemetryEvents? _events;
    private readonly HashSet<string> _groups;
    private readonly Lock _gate = new();
    private int _stopping;
    private Task? _disposed;

    /// <summary>Makes a monitor; it does nothing before <see cref="Start"/>.</summary>
    /// <param name="checks">How and when each check runs, and what runs it once.</param>
    /// <param name="owned">What is disposed with the monitor.</param>
    /// <param name="metrics">Where the metrics are; null for none.</param>
    /// <param name="events">Where changes of state are told; null for nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Chooses moments; null for the shared one.</param>
    internal HealthMonitor(
        IEnumerable<(CheckPlan Plan, HealthCheckFunction Check)> checks, IReadOnlyList<object> owned, HealthMetrics? metrics, TelemetryEvents? events, TimeProvider time, Random? random = null)
    {
        _owned = owned;
        _metrics = metrics;
        _events = events;
        _checks = [.. checks.OrderBy(check => check.Plan.Name, StringComparer.Ordinal).Select(check =>
            new MonitoredCheck(check.Plan, token => check.Check(token), time, random ?? Random.Shared) { Ran = Ran })];
        _groups = new HashSet<string>(_checks.SelectMany(check => check.Plan.Tags).Append(LiveGroup).Append(ReadyGroup), StringComparer.OrdinalIgnoreCase);
        foreach (var check in _checks) metrics?.Prepare(check.Plan.Name);
    }

    /// <summary>Whether the application is about to end: it is not ready any more, and no check runs.</summary>
    public bool IsStopping => Volatile.Read(ref _stopping) != 0;

    /// <summary>Told of every change of state, after its event was recorded; on the thread of the check, so it must not wait.</summary>
    internal event Action<HealthStateChange>? StateChanged;

    /// <summary>The checks, to wait for their runs.</summary>
    internal IReadOnlyList<MonitoredCheck> Checks => _checks;

    /// <summary>How all checks stand, and the state of the worst.</summary>
    public HealthGroupReport GetReport() => HealthGroupReport.Of(Array.ConvertAll(_checks, static check => check.Report));

    /// <summary>How the checks of a group stand.</summary>
    /// <param name="group"><see cref="LiveGroup"/>, <see cref="ReadyGroup"/>, or a tag of a check; in any case.</param>
    /// <returns>Null when there is no such group.</returns>
    public HealthGroupReport? GetReport(string group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (!_groups.Contains(group)) return null;
        var isReady = group.Equals(ReadyGroup, StringComparison.OrdinalIgnoreCase);
        var reports = new List<HealthCheckReport>(_checks.Length);
        foreach (var check in _checks)
        {
            if (Has(check, group) || (isReady && !Has(check, LiveGroup))) reports.Add(check.Report);
        }

        return HealthGroupReport.Of(reports);
    }

    /// <summary>Begins to run the checks. Does nothing the second time.</summary>
    internal void Start()
    {
        foreach (var check in _checks) check.Start();
    }

    /// <summary>Runs no check any more, and asks those under way to end.</summary>
    /// <returns>Over when they have ended, which may be never.</returns>
    internal Task StopAsync()
    {
        Volatile.Write(ref _stopping, 1);
        return Task.WhenAll(_checks.Select(check => check.StopAsync()));
    }

    /// <summary>Ends the checks, and those that were made for the monitor. A check that hangs is left behind. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        Task disposed;
        lock (_gate) disposed = _disposed ??= Task.Run(DisposeOnceAsync);
        await disposed.ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static bool Has(MonitoredCheck check, string group)
    {
        foreach (var tag in check.Plan.Tags)
        {
            if (tag.Equals(group, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private async Task DisposeOnceAsync()
    {
        await Task.WhenAny(StopAsync(), Task.Delay(s_patience)).ConfigureAwait(false);
        foreach (var owned in _owned)
        {
            try
            {
                if (owned is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
                else (owned as IDisposable)?.Dispose();
            }
            catch (Exception exception)
            {
                TelemetryErrors.Report(Diagnostic.HealthCheckNotEnded, "health", "a health check failed while it was closed", "See the cause", exception);
            }
        }
    }

    private void Ran(HealthCheckReport check, HealthState before)
    {
        _metrics?.Ran(check);

        // In turns, so that an older state cannot come last.
        lock (_gate) _metrics?.Overall(GetReport().State);
        if (check.State == before) return;
        _events?.Record(
            StateChangedEvent,
            new Dictionary<string, object?>
            {
                ["old_state"] = NameOf(before),
                ["new_state"] = NameOf(check.State),
                ["consecutive_failures"] = check.ConsecutiveFailures,
                ["description"] = check.LastRun?.Description,
            },
            MetricTags.Of(("check", check.Name)));
        StateChanged?.Invoke(new HealthStateChange(before, check));
    }

    /// <summary>A state as events, metrics and endpoints write it.</summary>
    internal static string NameOf(HealthState state) => state switch
    {
        HealthState.Healthy => "healthy",
        HealthState.Degraded => "degraded",
        HealthState.Unhealthy => "unhealthy",
        _ => "unknown",
    };
}
