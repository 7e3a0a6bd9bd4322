using OtelTelemetry.Configuration;
using OtelTelemetry.Logging.Sinks.Console;
using OtelTelemetry.Logging.Sinks.Elasticsearch;

namespace OtelTelemetry.Logging.Sinks;

/// <summary>The log sinks a configuration can name: one line each. Further packages add theirs (<see cref="Add"/>).</summary>
internal static class LogSinkRegistry
{
    private static readonly Lock s_gate = new();
    private static volatile LogSinkType[] s_all =
    [
        new("Console", ConsoleLogOptions.Read),
        new("Elasticsearch", ElasticsearchLogOptions.Read),
    ];

    public static IReadOnlyList<LogSinkType> All => s_all;

    /// <summary>Makes a type known, once.</summary>
    public static void Add(LogSinkType type)
    {
        lock (s_gate)
        {
            if (!s_all.Any(known => known.Name.Equals(type.Name, StringComparison.OrdinalIgnoreCase))) s_all = [.. s_all, type];
        }
    }
}

/// <summary>A type of log sink.</summary>
/// <param name="Name">What <c>Type</c> in the configuration says.</param>
/// <param name="Read">Reads the settings that this type has beside those all have.</param>
internal sealed record LogSinkType(string Name, Func<SettingSection, LogSinkOptions> Read);
