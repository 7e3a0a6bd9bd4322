using OtelTelemetry.Configuration;
using OtelTelemetry.Exporters.Console;
using OtelTelemetry.Exporters.Datadog;
using OtelTelemetry.Exporters.JsonFile;
using OtelTelemetry.Exporters.JsonLines;
using OtelTelemetry.Exporters.Pushgateway;
using OtelTelemetry.Exporters.StatsD;
using OtelTelemetry.Exporters.TextFile;

namespace OtelTelemetry.Exporters;

/// <summary>The exporters of metrics a configuration can name: one line each. Further packages add theirs (<see cref="Add"/>).</summary>
internal static class ExporterRegistry
{
    private static readonly Lock s_gate = new();
    private static volatile ExporterType[] s_all =
    [
        new("StatsD", () => new StatsDExporterOptions(), StatsDExporterBuilderExtensions.Bind),
        new("Datadog", () => new DatadogExporterOptions(), DatadogExporterBuilderExtensions.Bind),
        new("TextFile", () => new TextFileExporterOptions(), TextFileExporterBuilderExtensions.Bind),
        new("JsonFile", () => new JsonFileExporterOptions(), JsonFileExporterBuilderExtensions.Bind),
        new("Pushgateway", () => new PushgatewayExporterOptions(), PushgatewayExporterBuilderExtensions.Bind),
        new("Console", () => new ConsoleExporterOptions(), ConsoleExporterBuilderExtensions.Bind),
        new("JsonLines", () => new JsonLinesExporterOptions(), JsonLinesExporterBuilderExtensions.Bind),
    ];

    public static IReadOnlyList<ExporterType> All => s_all;

    /// <summary>Makes a type known, once.</summary>
    public static void Add(ExporterType type)
    {
        lock (s_gate)
        {
            if (!s_all.Any(known => known.Name.Equals(type.Name, StringComparison.OrdinalIgnoreCase))) s_all = [.. s_all, type];
        }
    }
}

/// <summary>A type of exporter.</summary>
/// <param name="Name">What <c>Type</c> in the configuration says.</param>
/// <param name="Create">Makes options with their defaults.</param>
/// <param name="Bind">Reads the settings that this type has beside those all have.</param>
internal sealed record ExporterType(string Name, Func<MetricsExporterOptions> Create, Action<SettingSection, MetricsExporterOptions> Bind);
