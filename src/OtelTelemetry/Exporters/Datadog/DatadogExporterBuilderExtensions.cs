using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Datadog;
using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="DatadogExporter"/>.</summary>
public static class DatadogExporterBuilderExtensions
{
    /// <summary>Sends the application's metrics to Datadog.</summary>
    /// <param name="builder">The telemetry of the application.</param>
    /// <param name="name">What this exporter is called; null for <c>Datadog</c>.</param>
    /// <param name="configure">Gives the settings; an API key is needed.</param>
    public static TelemetryBuilder AddDatadogExporter(this TelemetryBuilder builder, string? name = null, Action<DatadogExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new DatadogExporterOptions();
        configure?.Invoke(options);
        return builder.AddExporter(name ?? "Datadog", options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (DatadogExporterOptions)exporter;
        settings.Bind("ApiKey", Parse.Text, value => options.ApiKey = value);
        settings.Bind("AppKey", Parse.Text, value => options.AppKey = value);
        settings.Bind("Site", Parse.Text, value => options.Site = value);
        settings.Bind("Endpoint", Parse.Endpoint, value => options.Endpoint = value);
        settings.Bind("Api", Parse.Name<DatadogApi>, value => options.Api = value);
        settings.Bind("Prefix", Parse.Text, value => options.Prefix = value);
        settings.Bind("Host", Parse.Text, value => options.Host = value);
        settings.Bind("Compression", Parse.Name<DatadogCompression>, value => options.Compression = value);
        DeltaSettings.Bind(settings, options.Quantiles, options.Tags, value => options.MaxSeries = value);
    }
}
