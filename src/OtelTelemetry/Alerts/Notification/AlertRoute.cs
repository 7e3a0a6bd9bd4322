using OpenTelemetry;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Muting;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Alerts.Notification;

/// <summary>
/// One handler with its groups. It is told of one group after the other, on a task of its own: one that fails or hangs holds up nobody else. <see cref="Update"/> and what groups are asked are the
/// business of one thread at a time; <paramref name="ended"/> is called on the handler's task.
/// </summary>
/// <param name="name">The handler's name.</param>
/// <param name="options">Its settings.</param>
/// <param name="handler">The handler.</param>
/// <param name="timing">How alerts are put together, and when they are told.</param>
/// <param name="time">The clock.</param>
/// <param name="ended">Hears of the end of a notification: the group, the notification, whether it was told.</param>
internal sealed class AlertRoute(string name, AlertHandlerOptions options, AlertHandler handler, AlertTiming timing, TimeProvider time, Action<AlertGroup, AlertNotification, bool> ended) : IAsyncDisposable
{
    /// <summary>How long a handler may take.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly AlertTiming _timing = options.Timing ?? timing;
    private readonly LabelPatterns _where = new(options.Where);
    private readonly string _component = AlertHandlerContext.ComponentOf(name);
    private readonly Lock _gate = new();
    private readonly Queue<(AlertGroup Group, AlertNotification Notification)> _waiting = new();
    private Task _sending = Task.CompletedTask;

    /// <summary>A call that was given up and has not come back.</summary>
    private Task _stuck = Task.CompletedTask;
    private bool _isSending, _isClosed;

    public string Name => name;

    /// <summary>The groups by key.</summary>
    public Dictionary<string, AlertGroup> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends when nothing is on its way.</summary>
    public Task Sending
    {
        get
        {
            lock (_gate) return _sending;
        }
    }

    public static string KeyOf(IReadOnlyDictionary<string, string> labels) => string.Join('\0', labels.Select(pair => $"{pair.Key}\0{pair.Value}"));

    /// <summary>Says what fires now, and tells what is due.</summary>
    /// <returns>Whether what is remembered changed.</returns>
    public bool Update(IReadOnlyDictionary<string, Alert> firing, IReadOnlySet<string> muted, IReadOnlyDictionary<string, Alert> resolved, DateTimeOffset now)
    {
        var changed = false;
        var loud = new Dictionary<string, Dictionary<string, Alert>>(StringComparer.Ordinal);
        foreach (var (fingerprint, alert) in firing)
        {
            if (alert.Severity < options.MinSeverity || muted.Contains(fingerprint) || !_where.Match(alert.Labels)) continue;
            var labels = GroupLabels(alert);
            var key = KeyOf(labels);
            if (!Groups.ContainsKey(key)) Groups[key] = new AlertGroup(labels);
            if (!loud.TryGetValue(key, out var alerts)) loud[key] = alerts = new Dictionary<string, Alert>(StringComparer.Ordinal);
            alerts[fingerprint] = alert;
        }

        foreach (var (key, group) in Groups.ToArray())
        {
            changed |= group.Update(loud.GetValueOrDefault(key) ?? new(StringComparer.Ordinal), firing.ContainsKey, resolved, options.SendResolved, now);
            if (group.Due(_timing) <= now) Send(group, group.Begin(name, now));
            if (!group.IsEmpty) continue;
            // Nobody heard of them, and it is over.
            if (group is { HasFailed: true, LastSent: null }) TelemetryLosses.Count("alerts", _component, "failed");
            changed |= Groups.Remove(key);
        }

        return changed;
    }

    /// <summary>The next moment after this one at which there is something to tell; null where there is none.</summary>
    public DateTimeOffset? DueAfter(DateTimeOffset now)
    {
        DateTimeOffset? first = null;
        foreach (var group in Groups.Values)
        {
            if (group.Due(_timing) is { } due && !(first <= due)) first = due;
        }

        return first < now ? now : first;
    }

    /// <summary>Takes no more, waits for what is on its way as long as there is time, and ends the handler.</summary>
    public async Task CloseAsync(TimeSpan budget)
    {
        lock (_gate) _isClosed = true;
        await Task.WhenAny(Sending, Task.Delay(budget)).ConfigureAwait(false);
        try
        {
            await Task.Run(() => handler.DisposeAsync().AsTask()).WaitAsync(budget).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.AlertHandlerCloseFailed, _component, $"alert handler {name} did not end well", "See the cause", exception);
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync(TimeSpan.Zero).ConfigureAwait(false);

    private SortedDictionary<string, string> GroupLabels(Alert alert)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in _timing.GroupBy) labels[label] = alert.Labels.GetValueOrDefault(label, "");
        return labels;
    }

    private void Send(AlertGroup group, AlertNotification notification)
    {
        lock (_gate)
        {
            // As many wait as there are groups at most: each waits once.
            if (!_isClosed) _waiting.Enqueue((group, notification));
            if (_isSending || _isClosed) return;
            _isSending = true;
            _sending = Task.Run(SendAllAsync);
        }
    }

    private async Task SendAllAsync()
    {
        // To tell of alerts makes no telemetry.
        using var suppressed = SuppressInstrumentationScope.Begin();
        while (true)
        {
            AlertGroup group;
            AlertNotification notification;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out var next))
                {
                    _isSending = false;
                    return;
                }

                (group, notification) = next;
            }

            ended(group, notification, await TrySendAsync(notification).ConfigureAwait(false));
        }
    }

    private async Task<bool> TrySendAsync(AlertNotification notification)
    {
        const string remedy = "It is tried again in a minute; see the cause";
        if (!_stuck.IsCompleted)
        {
            TelemetryErrors.Report(Diagnostic.AlertHandlerFailed, _component, $"alert handler {name} still works on a notification before", remedy);
            SelfMetrics.AlertNotifications.Inc(name, "timeout");
            return false;
        }

        using var limit = new CancellationTokenSource(s_timeout, time);
        var task = Task.Run(() => handler.NotifyAsync(notification, limit.Token).AsTask());
        try
        {
            await task.WaitAsync(limit.Token).ConfigureAwait(false);
            SelfMetrics.AlertNotifications.Inc(name, "ok");
            return true;
        }
        catch (Exception exception)
        {
            _stuck = task;

            // Seen, though nobody waits for it any more.
            if (!task.IsCompleted) _ = task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            var isLate = exception is OperationCanceledException && limit.IsCancellationRequested;
            SelfMetrics.AlertNotifications.Inc(name, isLate ? "timeout" : "error");
            var problem = isLate ? $"alert handler {name} did not end within {s_timeout.TotalSeconds:0} seconds" : $"alert handler {name} failed: {exception.Message}";
            TelemetryErrors.Report(Diagnostic.AlertHandlerFailed, _component, problem, remedy, exception);
            return false;
        }
    }
}
