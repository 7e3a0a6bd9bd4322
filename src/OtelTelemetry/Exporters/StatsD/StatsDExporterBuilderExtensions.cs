using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Exporters.StatsD;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="StatsDExporter"/>.</summary>
public static class StatsDExporterBuilderExtensions
{
    /// <summary>Sends the application's metrics to a StatsD server.</summary>
    /// <param name="builder">The telemetry of the application.</param>
    /// <param name="name">What this exporter is called; null for <c>StatsD</c>.</param>
    /// <param name="configure">Gives the settings; null for the defaults.</param>
    public static TelemetryBuilder AddStatsDExporter(this TelemetryBuilder builder, string? name = null, Action<StatsDExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new StatsDExporterOptions();
        configure?.Invoke(options);
        return builder.AddExporter(name ?? "StatsD", options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions target)
    {
        var options = (StatsDExporterOptions)target;
        settings.Bind("Host", Parse.Text, value => options.Host = value);
        settings.Bind("Port", Parse.Integer, value => options.Port = value);
        settings.Bind("Protocol", Parse.Name<StatsDProtocol>, value => options.Protocol = value);
        settings.Bind("SocketPath", Parse.Text, value => options.SocketPath = value);
        settings.Bind("Dialect", Parse.Name<StatsDDialect>, value => options.Dialect = value);
        settings.Bind("Prefix", Parse.Text, value => options.Prefix = value);
        settings.Bind("MaxPacketSize", Parse.OptionalInteger, value => options.MaxPacketSize = value);
        DeltaSettings.Bind(settings, options.Quantiles, options.Tags, value => options.MaxSeries = value);
    }
}
