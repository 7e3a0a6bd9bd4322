using System.Text.Json;
using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Exporters.Prometheus;

namespace OtelTelemetry.Alerts.Handlers.Alertmanager;

/// <summary>Posts alerts (Alertmanager's API v2, <c>postableAlerts</c>).</summary>
internal sealed class AlertmanagerHandler(AlertHttpSender sender) : JsonAlertHandler(sender)
{
    protected override void Write(Utf8JsonWriter json, AlertNotification notification)
    {
        json.WriteStartArray();
        foreach (var alert in notification.Alerts)
        {
            json.WriteStartObject();
            AlertJson.WriteMap(json, "labels", Named(alert.Labels));
            AlertJson.WriteMap(json, "annotations", Named(alert.Annotations));
            json.WriteString("startsAt", AlertJson.Time(alert.FiringSince ?? alert.ActiveSince));
            json.WriteString("endsAt", AlertJson.Time(alert.ResolvedAt ?? (notification.Time + AlertmanagerHandlerOptions.ValidFor)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>With names Alertmanager takes: <c>http.route</c> is <c>http_route</c>, as in a scrape.</summary>
    private static SortedDictionary<string, string> Named(IReadOnlyDictionary<string, string> map)
    {
        var named = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in map) named[PrometheusNames.Underscores(name, colons: false)] = value;
        return named;
    }
}
