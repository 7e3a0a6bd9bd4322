using OtelTelemetry.Alerts.Handlers;

namespace OtelTelemetry.Alerts.Notification;

/// <summary>
/// The alerts of one group for one handler: what it was told fires, and when it is to be told again. The first time after <see cref="AlertTiming.GroupWait"/>; when alerts come or go
/// <see cref="AlertTiming.GroupInterval"/> after the last time; when nothing changes after <see cref="AlertTiming.RepeatInterval"/>. Not thread-safe.
/// </summary>
internal sealed class AlertGroup(IReadOnlyDictionary<string, string> labels)
{
    /// <summary>When a handler that failed is asked again.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private Dictionary<string, Alert> _current = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Labels => labels;

    /// <summary>What was told as firing, by fingerprint, as it was then.</summary>
    public Dictionary<string, Alert> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>Of that, what fires no more.</summary>
    public Dictionary<string, Alert> Ended { get; } = new(StringComparer.Ordinal);

    /// <summary>Since when there is something to tell, before the first time.</summary>
    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>When it was last told.</summary>
    public DateTimeOffset? LastSent { get; set; }

    /// <summary>Not before, since it failed.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Whether a notification is on its way.</summary>
    public bool IsSending { get; private set; }

    /// <summary>Whether the last attempt failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether nothing is left to be told, or remembered.</summary>
    public bool IsEmpty => _current.Count == 0 && Sent.Count == 0 && !IsSending;

    /// <summary>Says what fires now.</summary>
    /// <param name="loud">Alerts of the group that fire and are not muted.</param>
    /// <param name="isFiring">Whether an alert fires, muted or not.</param>
    /// <param name="resolved">Alerts that were resolved by the last evaluation, by fingerprint.</param>
    /// <param name="tellsResolved">Whether the end of an alert is told.</param>
    /// <param name="now">The moment.</param>
    /// <returns>Whether what it remembers changed.</returns>
    public bool Update(Dictionary<string, Alert> loud, Func<string, bool> isFiring, IReadOnlyDictionary<string, Alert> resolved, bool tellsResolved, DateTimeOffset now)
    {
        var changed = false;
        _current = loud;
        foreach (var (fingerprint, alert) in Sent.ToArray())
        {
            if (isFiring(fingerprint))
            {
                changed |= Ended.Remove(fingerprint);
            }
            else if (!tellsResolved && !IsSending)
            {
                changed |= Sent.Remove(fingerprint);
            }
            else if (tellsResolved && !Ended.ContainsKey(fingerprint))
            {
                Ended[fingerprint] = resolved.GetValueOrDefault(fingerprint) ?? alert with { State = AlertState.Resolved, ResolvedAt = now };
                changed = true;
            }
        }

        var waits = LastSent is null && _current.Count > 0;
        if (waits && WaitingSince is null) (WaitingSince, changed) = (now, true);
        if (!waits && WaitingSince is not null) (WaitingSince, changed) = (null, true);
        return changed;
    }

    /// <summary>When it is to be told; null where there is nothing to tell, or it is just being told.</summary>
    public DateTimeOffset? Due(AlertTiming timing)
    {
        if (IsSending) return null;
        DateTimeOffset? due = null;
        if (LastSent is not { } last)
        {
            if (_current.Count > 0) due = WaitingSince + timing.GroupWait;
        }
        else if (Ended.Count > 0 || _current.Keys.Any(fingerprint => !Sent.ContainsKey(fingerprint)))
        {
            due = last + timing.GroupInterval;
        }
        else if (_current.Count > 0)
        {
            due = last + timing.RepeatInterval;
        }

        return due < NotBefore ? NotBefore : due;
    }

    /// <summary>What there is to tell.</summary>
    public AlertNotification Begin(string handler, DateTimeOffset now)
    {
        IsSending = true;
        return new AlertNotification
        {
            Handler = handler,
            Time = now,
            GroupLabels = labels,
            Alerts = [.. _current.Values.Concat(Ended.Values).OrderByDescending(alert => alert.State == AlertState.Firing).ThenByDescending(alert => alert.Severity)
                .ThenBy(alert => alert.FiringSince).ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal)],
        };
    }

    /// <summary>It was told.</summary>
    public void Succeeded(AlertNotification notification)
    {
        (IsSending, HasFailed, NotBefore, WaitingSince, LastSent) = (false, false, null, null, notification.Time);
        foreach (var alert in notification.Alerts)
        {
            if (alert.State == AlertState.Firing)
            {
                Sent[alert.Fingerprint] = alert;
                continue;
            }

            Sent.Remove(alert.Fingerprint);
            Ended.Remove(alert.Fingerprint);
        }
    }

    /// <summary>It could not be told, and is told later as it is then.</summary>
    public void Failed(AlertNotification notification) => (IsSending, HasFailed, NotBefore) = (false, true, notification.Time + RetryAfter);
}
