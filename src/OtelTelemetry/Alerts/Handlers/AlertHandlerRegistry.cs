using OtelTelemetry.Alerts.Handlers.Alertmanager;
using OtelTelemetry.Alerts.Handlers.Email;
using OtelTelemetry.Alerts.Handlers.Log;
using OtelTelemetry.Alerts.Handlers.PagerDuty;
using OtelTelemetry.Alerts.Handlers.Slack;
using OtelTelemetry.Alerts.Handlers.Webhook;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Alerts.Handlers;

/// <summary>The alert handlers a configuration can name: one line each.</summary>
internal static class AlertHandlerRegistry
{
    public static IReadOnlyList<AlertHandlerType> All { get; } =
    [
        new("Alertmanager", AlertmanagerHandlerOptions.Read),
        new("Email", EmailAlertHandlerOptions.Read),
        new("Log", LogAlertHandlerOptions.Read),
        new("PagerDuty", PagerDutyAlertHandlerOptions.Read),
        new("Slack", SlackAlertHandlerOptions.Read),
        new("Webhook", WebhookAlertHandlerOptions.Read),
    ];
}

/// <summary>A type of alert handler.</summary>
/// <param name="Name">What <c>Type</c> in the configuration says.</param>
/// <param name="Read">Reads the settings that this type has beside those all have.</param>
internal sealed record AlertHandlerType(string Name, Func<SettingSection, AlertHandlerOptions> Read);
