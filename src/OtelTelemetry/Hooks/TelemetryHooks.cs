using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Events;

namespace OtelTelemetry.Hooks;

/// <summary>
/// Calls your code when telemetry is recorded, collected, exported, or fails. Every hook has a bounded queue and a thread of its own: one that
/// throws, is slow or hangs harms no other, nor the caller, a scrape, or the stop. Items reach a hook one at a time, in their order, a
/// moment after they happened. What a hook itself records or causes is given to no hook. Hooks can be added and ended at any time.
/// The hooks of an application (<see cref="TelemetryManager.Hooks"/>) also hear the process-wide registry, which its exporters read too.
/// Thread-safe.
/// </summary>
/// <example><code>
/// using var hook = telemetry.Hooks.OnEvent(e => Console.WriteLine(e), new HookOptions { Name = "console" });
/// </code></example>
public sealed class TelemetryHooks
{
    private readonly HookPoints[] _recorders;
    private readonly HookPoints _own;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly HashSet<IDisposable> _hooks = [];
    private readonly Dictionary<IDisposable, Func<CancellationToken, Task>> _flushes = [];

    internal TelemetryHooks(HookPoints own, HookPoints? shared, TimeProvider time)
    {
        _own = own;
        _recorders = shared is null ? [own] : [own, shared];
        _time = time;
    }

    /// <summary>Hears every measurement that was recorded by name and applied (<c>MetricsCollector.Record</c>), with its metadata. What is
    /// recorded in a <c>Counter</c>, <c>Gauge</c>, <c>Histogram</c> or <c>Summary</c> itself costs a few nanoseconds and has no hook.</summary>
    /// <param name="hook">Called with the measurement; its timestamp is set.</param>
    /// <param name="options">The hook's settings; null for the defaults.</param>
    /// <returns>Ends the hook when disposed.</returns>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public IDisposable OnRecord(Action<Metric> hook, HookOptions? options = null) => Add(
        hook, "record", options,
        added =>
        {
            foreach (var points in _recorders) points.Add(ref points.Record, added);
        },
        ended =>
        {
            foreach (var points in _recorders) points.Remove(ref points.Record, ended);
        });

    /// <summary>Hears every collection of metrics, whoever reads them.</summary>
    /// <param name="hook">Called after the collection.</param>
    /// <param name="options">The hook's settings; null for the defaults.</param>
    /// <returns>Ends the hook when disposed.</returns>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public IDisposable OnCollect(Action<CollectionInfo> hook, HookOptions? options = null) =>
        Add(hook, "collect", options, added => _own.Add(ref _own.Collect, added), ended => _own.Remove(ref _own.Collect, ended));

    /// <summary>Hears every export that succeeded or failed: answered scrapes, batches sent by OTLP, and what a
    /// <c>PeriodicExporter</c> exports.</summary>
    /// <param name="hook">Called after the export.</param>
    /// <param name="options">The hook's settings; null for the defaults.</param>
    /// <returns>Ends the hook when disposed.</returns>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public IDisposable OnExport(Action<ExportInfo> hook, HookOptions? options = null) =>
        Add(hook, "export", options, added => _own.Add(ref _own.Export, added), ended => _own.Remove(ref _own.Export, ended));

    /// <summary>Hears every event (<c>MetricsCollector.RecordEvent</c>).</summary>
    /// <param name="hook">Called with the event.</param>
    /// <param name="options">The hook's settings; null for the defaults.</param>
    /// <returns>Ends the hook when disposed.</returns>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public IDisposable OnEvent(Action<TelemetryEvent> hook, HookOptions? options = null) =>
        Add(hook, "event", options, added => _own.Add(ref _own.Event, added), ended => _own.Remove(ref _own.Event, ended));

    /// <summary>Hears every failure of the library itself in this process: exporters, sinks, collections, other hooks.</summary>
    /// <param name="hook">Called with the error.</param>
    /// <param name="options">The hook's settings; null for the defaults.</param>
    /// <returns>Ends the hook when disposed.</returns>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    public IDisposable OnError(Action<TelemetryError> hook, HookOptions? options = null)
    {
        Action<TelemetryError>? listener = null;
        return Add(
            hook, "error", options,
            added => TelemetryErrors.Reported += listener = error => added.Raise(error),
            _ => TelemetryErrors.Reported -= listener);
    }

    /// <summary>Waits until every hook has seen what happened before. A hook that hangs is waited for until the token ends. Never throws.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate) return Task.WhenAll([.. _flushes.Values.Select(flush => flush(cancellationToken))]);
    }

    /// <summary>Lets the hooks see what still waits, until the token ends, and ends them.</summary>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        IDisposable[] hooks;
        lock (_gate) hooks = [.. _hooks];
        foreach (var hook in hooks) hook.Dispose();
    }

    private Hook<T> Add<T>(Action<T> callback, string kind, HookOptions? options, Action<Hook<T>> register, Action<Hook<T>> remove)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var hook = new Hook<T>(callback, kind, (options ?? new HookOptions()) with { }, isAboutErrors: typeof(T) == typeof(TelemetryError), _time, ended =>
        {
            remove(ended);
            lock (_gate)
            {
                _hooks.Remove(ended);
                _flushes.Remove(ended);
            }
        });
        lock (_gate)
        {
            _hooks.Add(hook);
            _flushes.Add(hook, hook.FlushAsync);
        }

        register(hook);
        return hook;
    }
}
