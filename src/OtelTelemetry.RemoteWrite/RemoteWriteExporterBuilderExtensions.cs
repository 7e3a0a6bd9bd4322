using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.RemoteWrite;

namespace OtelTelemetry;

/// <summary>Adds a <see cref="RemoteWriteExporter"/>.</summary>
public static class RemoteWriteExporterBuilderExtensions
{
    private const string TypeName = "RemoteWrite";

    /// <summary>Sends metrics by Prometheus remote write.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="name">What this exporter is called; null for <c>RemoteWrite</c>.</param>
    /// <param name="configure">Gives the settings.</param>
    public static TelemetryBuilder AddRemoteWriteExporter(this TelemetryBuilder builder, string? name = null, Action<RemoteWriteExporterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RemoteWriteExporterOptions();
        configure?.Invoke(options);
        return builder.AddRemoteWrite().AddExporter(name ?? TypeName, options);
    }

    /// <summary>Lets <c>Telemetry:Exporters</c> name exporters of the type <c>RemoteWrite</c>; adds none by itself.</summary>
    /// <param name="builder">The telemetry.</param>
    public static TelemetryBuilder AddRemoteWrite(this TelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        MakeKnown();
        return builder;
    }

    internal static void MakeKnown() => ExporterRegistry.Add(new ExporterType(TypeName, () => new RemoteWriteExporterOptions(), Bind));

    private static void Bind(SettingSection settings, MetricsExporterOptions exporter)
    {
        var options = (RemoteWriteExporterOptions)exporter;
        settings.Bind("Endpoint", Parse.Endpoint, value => options.Endpoint = value!);
        settings.Bind("Username", Parse.Text, value => options.Username = value);
        settings.Bind("Password", Parse.Text, value => options.Password = value);
        settings.Bind("BearerToken", Parse.Text, value => options.BearerToken = value);
        settings.BindMap("Headers", Parse.Text, values => Replace(options.Headers, values));
        settings.Bind("Job", Parse.Text, value => options.Job = value);
        settings.Bind("Instance", Parse.Text, value => options.Instance = value);
        settings.BindMap("ExternalLabels", Parse.Text, values => Replace(options.ExternalLabels, values));
        settings.Bind("Prefix", Parse.Text, value => options.Prefix = value);
        settings.Bind("ScopeLabels", Parse.Boolean, value => options.ScopeLabels = value);
        settings.Bind("TargetInfo", Parse.Boolean, value => options.TargetInfo = value);
        settings.Bind("Exemplars", Parse.Boolean, value => options.Exemplars = value);
        settings.Bind("NativeHistograms", Parse.Boolean, value => options.NativeHistograms = value);
        settings.Bind("MetadataInterval", Parse.Duration, value => options.MetadataInterval = value);
        settings.Bind("StaleMarkers", Parse.Boolean, value => options.StaleMarkers = value);
        settings.Bind("MaxSamplesPerRequest", Parse.Integer, value => options.MaxSamplesPerRequest = value);
        settings.Bind("MaxRequestBytes", Parse.Integer, value => options.MaxRequestBytes = value);
    }

    private static void Replace(IDictionary<string, string> target, IReadOnlyDictionary<string, string> values)
    {
        target.Clear();
        foreach (var (name, value) in values) target[name] = value;
    }
}
