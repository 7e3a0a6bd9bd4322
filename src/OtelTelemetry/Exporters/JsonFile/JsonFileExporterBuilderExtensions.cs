using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.JsonFile;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="JsonFileExporter"/>.</summary>
public static class JsonFileExporterBuilderExtensions
{
    /// <summary>Writes metrics to a file as one JSON document.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="name">What this exporter is called; null for <c>JsonFile</c>.</param>
    /// <param name="configure">Gives the settings; a path is needed.</param>
    public static TelemetryBuilder AddJsonFileExporter(this TelemetryBuilder builder, string? name = null, Action<JsonFileExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new JsonFileExporterOptions();
        configure?.Invoke(options);
        return builder.AddExporter(name ?? "JsonFile", options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (JsonFileExporterOptions)exporter;
        settings.Bind("Path", Parse.Text, value => options.Path = value);
        settings.Bind("Mode", FileModes.Parse, value => options.Mode = value);
    }
}
