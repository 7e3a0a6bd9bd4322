using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Pushgateway;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="PushgatewayExporter"/>.</summary>
public static class PushgatewayExporterBuilderExtensions
{
    /// <summary>Pushes metrics to a Prometheus Pushgateway.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="name">What this exporter is called; null for <c>Pushgateway</c>.</param>
    /// <param name="configure">Gives the settings.</param>
    public static TelemetryBuilder AddPushgatewayExporter(this TelemetryBuilder builder, string? name = null, Action<PushgatewayExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new PushgatewayExporterOptions();
        configure?.Invoke(options);
        return builder.AddExporter(name ?? "Pushgateway", options);
    }

    internal static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (PushgatewayExporterOptions)exporter;
        settings.Bind("Endpoint", Parse.Endpoint, value => options.Endpoint = value!);
        settings.Bind("Job", Parse.Text, value => options.Job = value);
        settings.BindMap("Grouping", Parse.Text, values => Replace(options.Grouping, values));
        settings.Bind("Replace", Parse.Boolean, value => options.Replace = value);
        settings.Bind("DeleteOnShutdown", Parse.Boolean, value => options.DeleteOnShutdown = value);
        settings.Bind("Username", Parse.Text, value => options.Username = value);
        settings.Bind("Password", Parse.Text, value => options.Password = value);
        settings.Bind("BearerToken", Parse.Text, value => options.BearerToken = value);
        settings.BindMap("Headers", Parse.Text, values => Replace(options.Headers, values));
        settings.Bind("Prefix", Parse.Text, value => options.Prefix = value);
        settings.Bind("TargetInfo", Parse.Boolean, value => options.TargetInfo = value);
    }

    private static void Replace(IDictionary<string, string> target, IReadOnlyDictionary<string, string> values)
    {
        target.Clear();
        foreach (var (name, value) in values) target[name] = value;
    }
}
