using System.Text.Json;

namespace OtelTelemetry.Alerts.Handlers.Http;

/// <summary>Posts each group of alerts as one JSON document.</summary>
internal abstract class JsonAlertHandler(AlertHttpSender sender) : AlertHandler
{
    public sealed override ValueTask NotifyAsync(AlertNotification notification, CancellationToken cancellationToken) =>
        sender.SendAsync(AlertJson.Write(json => Write(json, notification)), notification.Alerts.Count, cancellationToken);

    public sealed override ValueTask DisposeAsync()
    {
        sender.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>Writes the document.</summary>
    protected abstract void Write(Utf8JsonWriter json, AlertNotification notification);
}
