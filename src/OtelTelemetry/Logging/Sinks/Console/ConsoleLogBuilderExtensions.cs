using OtelTelemetry.Logging.Sinks.Console;

namespace OtelTelemetry;

/// <summary>Adds log records on the console.</summary>
public static class ConsoleLogBuilderExtensions
{
    /// <summary>Writes log records to the console. The application's own console logger, if it has one, writes too: remove it with <c>builder.Logging.ClearProviders()</c> before
    /// <c>AddPepperTelemetry</c>.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="options">The settings. Default: null, for people on a terminal and as JSON elsewhere.</param>
    /// <param name="name">What this sink is called.</param>
    public static TelemetryBuilder AddConsoleLogs(this TelemetryBuilder builder, ConsoleLogOptions? options = null, string name = "Console")
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddLogSink(name, options ?? new ConsoleLogOptions());
    }
}
