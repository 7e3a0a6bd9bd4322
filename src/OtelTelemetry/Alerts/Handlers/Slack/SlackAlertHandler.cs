using System.Globalization;
using System.Text.Json;
using OtelTelemetry.Alerts.Handlers.Http;

namespace OtelTelemetry.Alerts.Handlers.Slack;

/// <summary>Posts groups of alerts (Slack documentation, "Sending messages using incoming webhooks", "Reference: Secondary message attachments").</summary>
internal sealed class SlackAlertHandler(SlackAlertHandlerOptions options, AlertHttpSender sender) : JsonAlertHandler(sender)
{
    /// <summary>Slack shows up to 100, and asks for no more than 20.</summary>
    private const int MostAttachments = 20;
    private const int LongestText = 3000;

    private static readonly string[] s_markdown = ["text"];

    protected override void Write(Utf8JsonWriter json, AlertNotification notification)
    {
        json.WriteStartObject();
        if (options.Channel is not null) json.WriteString("channel", options.Channel);
        if (options.Username is not null) json.WriteString("username", options.Username);
        var more = notification.Alerts.Count - MostAttachments;
        json.WriteString("text", Escape(AlertWords.Title(notification)) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more alerts") : ""));
        json.WriteStartArray("attachments");
        foreach (var alert in notification.Alerts.Take(MostAttachments))
        {
            json.WriteStartObject();
            json.WriteString("color", ColorOf(alert));
            json.WriteString("fallback", Cut(Escape(AlertWords.Summary(alert))));
            json.WriteString("title", Cut(Escape($"{alert.Name} ({AlertWords.Severity(alert)}) {(alert.State == AlertState.Firing ? "firing" : "resolved")}")));
            json.WriteString("text", Cut($"{Escape(AlertWords.Summary(alert))}\n{Escape(AlertWords.Labels(alert))}"));
            json.WriteString("footer", AlertWords.Times(alert));
            json.WriteNumber("ts", (alert.ResolvedAt ?? alert.FiringSince ?? alert.ActiveSince).ToUnixTimeSeconds());
            json.WriteStartArray("mrkdwn_in");
            foreach (var field in s_markdown) json.WriteStringValue(field);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string ColorOf(Alert alert) => alert switch
    {
        { State: AlertState.Resolved } => "good",
        { Severity: AlertSeverity.Critical } => "danger",
        { Severity: AlertSeverity.Warning } => "warning",
        _ => "#439FE0",
    };

    private static string Cut(string text) => AlertWords.Cut(text, LongestText);

    /// <summary>The three characters that mean something to Slack: a label must not mention everybody.</summary>
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
