using System.Text;
using System.Text.Json;
using OtelTelemetry.Alerts.Handlers.Http;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Alerts.Handlers.Email;

/// <summary>Writes a mail a group, and gives it to the delivery, or sends it where there is none.</summary>
internal sealed class EmailAlertHandler : AlertHandler
{
    /// <summary>What is written out; of further alerts only the number.</summary>
    private const int MostAlerts = 100;

    private readonly MailSender _sender;
    private readonly DeliveryDestination? _destination;
    private readonly TimeProvider _time;

    public EmailAlertHandler(MailSender sender, AlertHandlerContext context)
    {
        _sender = sender;
        _time = context.TimeProvider;
        if (context.Delivery is { } delivery && context.DeliveryOptionsOver(delivery) is { Enabled: true } options) _destination = delivery.Add(context.Component, "alerts", options, sender);
    }

    public override async ValueTask NotifyAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        var (subject, text) = (AlertWords.Cut(AlertWords.Title(notification), 200), Text(notification));
        if (_destination is null)
        {
            await _sender.SendAsync(subject, text, cancellationToken).ConfigureAwait(false);
            return;
        }

        var mail = AlertJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("subject", subject);
            json.WriteString("text", text);
            json.WriteEndObject();
        });
        // What is not taken is counted there.
        _destination.Accept("application/json", notification.Alerts.Count, _time.GetUtcNow(), mail);
    }

    private static string Text(AlertNotification notification)
    {
        var text = new StringBuilder();
        foreach (var alert in notification.Alerts.Take(MostAlerts))
        {
            text.Append(alert.State == AlertState.Firing ? "FIRING   " : "RESOLVED ").Append(alert.Name).Append(" (").Append(AlertWords.Severity(alert)).Append(") ").Append(AlertWords.Times(alert)).Append('\n');
            foreach (var (name, value) in alert.Annotations) text.Append("  ").Append(name).Append(": ").Append(AlertWords.OneLine(value)).Append('\n');
            text.Append("  ").Append(AlertWords.Labels(alert)).Append("\n\n");
        }

        if (notification.Alerts.Count > MostAlerts) text.Append("and ").Append(notification.Alerts.Count - MostAlerts).Append(" more alerts\n");
        return text.ToString();
    }
}
