using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Console;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="ConsoleExporter"/>.</summary>
public static class ConsoleExporterBuilderExtensions
{
    /// <summary>Writes metrics as a table to standard output.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="name">What this exporter is called; null for <c>Console</c>.</param>
    /// <param name="configure">Gives the settings.</param>
    public static TelemetryBuilder AddConsoleExporter(this TelemetryBuilder builder, string? name = null, Action<ConsoleExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new ConsoleExporterOptions();
        configure?.Invoke(options);
        return builder.AddExporter(name ?? "Console", options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (ConsoleExporterOptions)exporter;
        settings.Bind("MaxRows", Parse.Integer, value => options.MaxRows = value);
        settings.Bind("Width", Parse.OptionalInteger, value => options.Width = value);
    }
}
