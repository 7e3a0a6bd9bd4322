using Microsoft.Extensions.Configuration;
using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters;

namespace OtelTelemetry.Tests.Support;

/// <summary>Reads an exporter's settings as an application's configuration gives them.</summary>
internal static class ExporterSettings
{
    /// <summary>The options of an exporter that is named after its type.</summary>
    public static T Read<T>(string type, params (string Name, string Value)[] settings)
        where T : MetricsExporterOptions
    {
        var (report, exporters) = Bind(type, settings);
        Assert.That(report.Errors, Is.Empty);
        return (T)exporters[type];
    }

    /// <summary>What is told of wrong values.</summary>
    public static IEnumerable<string> Errors(string type, params (string Name, string Value)[] settings) => Bind(type, settings).Report.Errors.Select(error => error.ToString());

    private static (SettingReport Report, Dictionary<string, MetricsExporterOptions> Exporters) Bind(string type, (string Name, string Value)[] settings)
    {
        // The type itself, so that an exporter without settings is there as well.
        var pairs = settings.Append(("Type", type)).Select(setting => KeyValuePair.Create($"Telemetry:Exporters:{type}:{setting.Item1}", (string?)setting.Item2));
        var report = new SettingReport();
        var exporters = new Dictionary<string, MetricsExporterOptions>();
        ExporterBinding.Bind(new SettingBinder(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build(), report), exporters);
        return (report, exporters);
    }
}
