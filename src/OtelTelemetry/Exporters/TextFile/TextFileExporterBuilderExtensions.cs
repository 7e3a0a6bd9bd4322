using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.TextFile;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="TextFileExporter"/>.</summary>
public static class TextFileExporterBuilderExtensions
{
    /// <summary>Writes metrics to a file as Prometheus text.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="name">What this exporter is called; null for <c>TextFile</c>.</param>
    /// <param name="configure">Gives the settings; a path is needed.</param>
    public static TelemetryBuilder AddTextFileExporter(this TelemetryBuilder builder, string? name = null, Action<TextFileExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new TextFileExporterOptions();
        configure?.Invoke(options);
        return builder.AddExporter(name ?? "TextFile", options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (TextFileExporterOptions)exporter;
        settings.Bind("Path", Parse.Text, value => options.Path = value);
        settings.Bind("Mode", FileModes.Parse, value => options.Mode = value);
        settings.Bind("Prefix", Parse.Text, value => options.Prefix = value);
        settings.Bind("TargetInfo", Parse.Boolean, value => options.TargetInfo = value);
    }
}
