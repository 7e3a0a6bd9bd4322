using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Alerts.Handlers.Log;

/// <summary>Writes alerts to the application's log, category <c>OtelTelemetry.Alerts</c>: as error, warning or information, as severe as they are. Immutable.</summary>
public sealed record LogAlertHandlerOptions : AlertHandlerOptions
{
    /// <inheritdoc/>
    public override AlertHandler Create(AlertHandlerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new LogAlertHandler(context.Services.GetService<ILoggerFactory>()?.CreateLogger("OtelTelemetry.Alerts") ?? NullLogger.Instance);
    }

    internal static AlertHandlerOptions Read(SettingSection settings) => new LogAlertHandlerOptions();
}
