using System.Text.Json;
using OtelTelemetry.Alerts.Handlers.Http;

namespace OtelTelemetry.Alerts.Handlers.Webhook;

/// <summary>Posts groups of alerts (Alertmanager documentation, "webhook_config", version 4 of the data).</summary>
internal sealed class WebhookAlertHandler(AlertHttpSender sender) : JsonAlertHandler(sender)
{
    protected override void Write(Utf8JsonWriter json, AlertNotification notification)
    {
        json.WriteStartObject();
        json.WriteString("version", "4");
        json.WriteString("groupKey", notification.GroupKey);
        json.WriteNumber("truncatedAlerts", 0);
        json.WriteString("status", notification.IsFiring ? "firing" : "resolved");
        json.WriteString("receiver", notification.Handler);
        AlertJson.WriteMap(json, "groupLabels", notification.GroupLabels);
        AlertJson.WriteMap(json, "commonLabels", notification.CommonLabels);
        AlertJson.WriteMap(json, "commonAnnotations", notification.CommonAnnotations);
        json.WriteString("externalURL", "");
        json.WriteStartArray("alerts");
        foreach (var alert in notification.Alerts)
        {
            json.WriteStartObject();
            json.WriteString("status", alert.State == AlertState.Firing ? "firing" : "resolved");
            AlertJson.WriteMap(json, "labels", alert.Labels);
            AlertJson.WriteMap(json, "annotations", alert.Annotations);
            json.WriteString("startsAt", AlertJson.Time(alert.FiringSince ?? alert.ActiveSince));
            json.WriteString("endsAt", alert.ResolvedAt is { } end ? AlertJson.Time(end) : "0001-01-01T00:00:00Z");
            json.WriteString("generatorURL", "");
            json.WriteString("fingerprint", alert.Fingerprint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
