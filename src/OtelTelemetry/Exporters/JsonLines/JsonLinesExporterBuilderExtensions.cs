using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.JsonLines;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="JsonLinesExporter"/>.</summary>
public static class JsonLinesExporterBuilderExtensions
{
    /// <summary>Appends metrics to a file, a line of JSON for each series.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="name">What this exporter is called; null for <c>JsonLines</c>.</param>
    /// <param name="configure">Gives the settings; a path is needed.</param>
    public static TelemetryBuilder AddJsonLinesExporter(this TelemetryBuilder builder, string? name = null, Action<JsonLinesExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new JsonLinesExporterOptions();
        configure?.Invoke(options);
        return builder.AddExporter(name ?? "JsonLines", options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (JsonLinesExporterOptions)exporter;
        settings.Bind("Path", Parse.Text, value => options.Path = value);
        settings.Bind("Mode", FileModes.Parse, value => options.Mode = value);
        settings.Bind("MaxFileBytes", Parse.Long, value => options.MaxFileBytes = value);
        settings.Bind("MaxFiles", Parse.Integer, value => options.MaxFiles = value);
    }
}
