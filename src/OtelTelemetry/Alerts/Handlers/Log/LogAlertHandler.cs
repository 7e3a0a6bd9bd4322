using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Alerts.Handlers.Log;

/// <summary>Writes alerts to a log.</summary>
internal sealed class LogAlertHandler(ILogger logger) : AlertHandler
{
    public override ValueTask NotifyAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        // What handlers do makes no telemetry otherwise; here the record is what is wanted, at OTLP and the log sinks too.
        using var heard = SuppressInstrumentationScope.Begin(false);
        foreach (var alert in notification.Alerts)
        {
            if (alert.State == AlertState.Firing)
            {
                logger.Log(
                    LevelOf(alert.Severity), Diagnostic.AlertFiring.EventId, "Alert {AlertName} ({AlertSeverity}) is firing {AlertTimes}: {AlertSummary} {AlertLabels}",
                    alert.Name, AlertWords.Severity(alert), AlertWords.Times(alert), AlertWords.Summary(alert), AlertWords.Labels(alert));
            }
            else
            {
                logger.Log(
                    LogLevel.Information, Diagnostic.AlertResolved.EventId, "Alert {AlertName} ({AlertSeverity}) is resolved, it fired {AlertTimes}: {AlertSummary} {AlertLabels}",
                    alert.Name, AlertWords.Severity(alert), AlertWords.Times(alert), AlertWords.Summary(alert), AlertWords.Labels(alert));
            }
        }

        return ValueTask.CompletedTask;
    }

    private static LogLevel LevelOf(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => LogLevel.Error,
        AlertSeverity.Warning => LogLevel.Warning,
        _ => LogLevel.Information,
    };
}
