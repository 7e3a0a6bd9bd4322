using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="CloudWatchExporter"/>.</summary>
public static class CloudWatchExporterBuilderExtensions
{
    private const string TypeName = "CloudWatch";

    /// <summary>Sends the application's metrics to Amazon CloudWatch.</summary>
    /// <param name="builder">The telemetry of the application.</param>
    /// <param name="name">What this exporter is called; null for <c>CloudWatch</c>.</param>
    /// <param name="configure">Gives the settings; null for the defaults.</param>
    public static TelemetryBuilder AddCloudWatchExporter(this TelemetryBuilder builder, string? name = null, Action<CloudWatchExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new CloudWatchExporterOptions();
        configure?.Invoke(options);
        return builder.AddCloudWatch().AddExporter(name ?? TypeName, options);
    }

    /// <summary>Lets <c>Telemetry:Exporters</c> name exporters of the types <c>CloudWatch</c> and <c>Emf</c>; adds none by itself.</summary>
    /// <param name="builder">The telemetry of the application.</param>
    public static TelemetryBuilder AddCloudWatch(this TelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        MakeKnown();
        return builder;
    }

    internal static void MakeKnown()
    {
        ExporterRegistry.Add(new ExporterType(TypeName, () => new CloudWatchExporterOptions(), Bind));
        ExporterRegistry.Add(new ExporterType(EmfExporterBuilderExtensions.TypeName, () => new EmfExporterOptions(), EmfExporterBuilderExtensions.Bind));
    }

    private static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (CloudWatchExporterOptions)exporter;
        settings.Bind("Region", Parse.Text, value => options.Region = value);
        settings.Bind("AccessKeyId", Parse.Text, value => options.AccessKeyId = value);
        settings.Bind("SecretAccessKey", Parse.Text, value => options.SecretAccessKey = value);
        settings.Bind("SessionToken", Parse.Text, value => options.SessionToken = value);
        settings.Bind("Endpoint", Parse.Endpoint, value => options.Endpoint = value);
        settings.Bind("Compress", Parse.Boolean, value => options.Compress = value);
        CloudWatchSettings.Bind(
            settings, value => options.Namespace = value, options.Dimensions, value => options.Histograms = value, value => options.StorageResolution = value, value => options.MaxSeries = value);
    }
}
