using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Exporters.Files;

namespace OtelTelemetry;

/// <summary>Adds an <see cref="EmfExporter"/>.</summary>
public static class EmfExporterBuilderExtensions
{
    internal const string TypeName = "Emf";

    /// <summary>Writes the application's metrics as lines in CloudWatch's embedded metric format.</summary>
    /// <param name="builder">The telemetry of the application.</param>
    /// <param name="name">What this exporter is called; null for <c>Emf</c>.</param>
    /// <param name="configure">Gives the settings; null for the defaults.</param>
    public static TelemetryBuilder AddEmfExporter(this TelemetryBuilder builder, string? name = null, Action<EmfExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new EmfExporterOptions();
        configure?.Invoke(options);
        return builder.AddCloudWatch().AddExporter(name ?? TypeName, options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (EmfExporterOptions)exporter;
        settings.Bind("Path", Parse.Text, value => options.Path = value);
        settings.Bind("Mode", FileModes.Parse, value => options.Mode = value);
        settings.Bind("MaxFileBytes", Parse.Long, value => options.MaxFileBytes = value);
        settings.Bind("MaxFiles", Parse.Integer, value => options.MaxFiles = value);
        CloudWatchSettings.Bind(
            settings, value => options.Namespace = value, options.Dimensions, value => options.Histograms = value, value => options.StorageResolution = value, value => options.MaxSeries = value);
    }
}
