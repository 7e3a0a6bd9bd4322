using System.Net.Http.Headers;
using System.Text.Json;
using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Exporters.Json;

namespace OtelTelemetry.Alerts.Handlers.PagerDuty;

/// <summary>
/// Sends an event an alert (PagerDuty documentation, "Send an Alert Event", PD-CEF fields). The key stands in the body there; so that no outbox on a disk holds it, it is put in when the event is sent.
/// </summary>
internal sealed class PagerDutyAlertHandler(string source, string service, AlertHttpSender sender) : AlertHandler
{
    private const int LongestSummary = 1024;

    public override async ValueTask NotifyAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        foreach (var alert in notification.Alerts)
        {
            await sender.SendAsync(AlertJson.Write(json => Write(json, notification, alert)), 1, cancellationToken).ConfigureAwait(false);
        }
    }

    public override ValueTask DisposeAsync()
    {
        sender.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>Writes the key into an event.</summary>
    public static async ValueTask PutKeyIn(HttpRequestMessage request, string key, CancellationToken cancellationToken)
    {
        using var before = request.Content!;
        var body = await before.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var member = AlertJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("routing_key", key);
            json.WriteEndObject();
        });
        member[^1] = (byte)',';
        request.Content = new ByteArrayContent([.. member, .. body.AsSpan(1)]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    private void Write(Utf8JsonWriter json, AlertNotification notification, Alert alert)
    {
        var isFiring = alert.State == AlertState.Firing;
        json.WriteStartObject();
        json.WriteString("event_action", isFiring ? "trigger" : "resolve");
        json.WriteString("dedup_key", alert.Fingerprint);
        if (isFiring) WritePayload(json, notification, alert);
        json.WriteEndObject();
    }

    private void WritePayload(Utf8JsonWriter json, AlertNotification notification, Alert alert)
    {
        json.WriteStartObject("payload");
        json.WriteString("summary", AlertWords.Cut(AlertWords.Summary(alert), LongestSummary));
        json.WriteString("source", source);
        json.WriteString("severity", AlertWords.Severity(alert));
        json.WriteString("timestamp", AlertJson.Time(alert.FiringSince ?? alert.ActiveSince));
        if (service.Length > 0) json.WriteString("component", service);
        json.WriteString("group", AlertWords.OneLine(string.Join(", ", notification.GroupLabels.Values)));
        json.WriteString("class", alert.Name);
        json.WriteStartObject("custom_details");
        MetricJson.WriteNumber(json, "value", alert.Value);
        AlertJson.WriteMap(json, "labels", alert.Labels);
        AlertJson.WriteMap(json, "annotations", alert.Annotations);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
