namespace OtelTelemetry.Alerts.Handlers;

/// <summary>
/// Tells somebody of alerts. Derive from it for one of your own and add it with <see cref="TelemetryBuilder.AddAlertHandler(string, Func{AlertHandlerContext, AlertHandler})"/>. It is called for one notification
/// at a time.
/// </summary>
public abstract class AlertHandler : IAsyncDisposable
{
    /// <summary>Tells. Has 30 seconds. An exception is reported, harms no other handler, and lets the group be told again a minute later, as it is then.</summary>
    /// <param name="notification">What there is to tell.</param>
    /// <param name="cancellationToken">Ends when the time is over.</param>
    public abstract ValueTask NotifyAsync(AlertNotification notification, CancellationToken cancellationToken);

    /// <summary>Releases what it holds, when telemetry ends. Default: nothing.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
