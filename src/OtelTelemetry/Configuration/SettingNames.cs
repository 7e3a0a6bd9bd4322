using Microsoft.Extensions.Configuration;
using OtelTelemetry.Collectors;
using OtelTelemetry.Exporters;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Health;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Processors.Spans;

namespace OtelTelemetry.Configuration;

/// <summary>
/// The names of all settings, as a tree. It tells names that are settings from names that a user chose, such as those of metrics and
/// labels: only the former may be written in another style (<c>flush_interval</c>, <c>flush-interval</c>). Immutable.
/// </summary>
internal sealed class SettingNames
{
    /// <summary>Stands for any name: of a metric, or a number in a list.</summary>
    private const string Any = "*";

    // What has settings of its own for each of several things is only read where there is one.
    private static readonly string[] s_probes = [$"{MetricDefinitionBinding.Path}:{Any}:Type", $"{MeasurementRuleBinding.Path}:{Any}:Instrument", $"{TracesBinding.RulesPath}:{Any}:Name", $"{MonitoringBinding.MetricsPath}:{Any}:Type"];

    private readonly Dictionary<string, (string Name, SettingNames Below)> _names = new(StringComparer.OrdinalIgnoreCase);

    private readonly bool _isBelowAny;

    private SettingNames(bool isBelowAny = false) => _isBelowAny = isBelowAny;

    /// <summary>Above section <c>Telemetry</c>. Other sections are not known, so their names stay as they are.</summary>
    public static SettingNames Root { get; } = Build();

    /// <summary>A key of one level.</summary>
    /// <param name="names">The names of that level; null where none is known.</param>
    /// <param name="key">As it was written.</param>
    /// <returns>The setting's own name, or the key where it is none; and the names below it.</returns>
    public static (string Name, SettingNames? Below) Resolve(SettingNames? names, string key)
    {
        if (names is null) return (key, null);
        if (names._names.TryGetValue(key, out var found) || names._names.TryGetValue(Fold(key), out found)) return found;
        if (names._names.TryGetValue(Any, out var any)) return (key, any.Below);

        // What has a name of its own is of a type, and types come with packages that may not be known yet: their settings are no names of a user's.
        return (names._isBelowAny ? Fold(key) : key, null);
    }

    /// <summary>A key that may be a path, with colons.</summary>
    public static (string Name, SettingNames? Below) ResolvePath(SettingNames? names, string key)
    {
        if (!key.Contains(':', StringComparison.Ordinal)) return Resolve(names, key);
        var parts = key.Split(':');
        for (var i = 0; i < parts.Length; i++) (parts[i], names) = Resolve(names, parts[i]);
        return (string.Join(':', parts), names);
    }

    private static string Fold(string key) => key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    private static SettingNames Build()
    {
        var settings = s_probes.Select(path => KeyValuePair.Create($"{SettingBinder.Section}:{path}", (string?)"counter"))
            .Concat(CollectorRegistry.All.Select((entry, i) => KeyValuePair.Create($"{SettingBinder.Section}:Metrics:Collectors:{i}:Type", (string?)entry.Type)))
            .Concat(SpanProcessorRegistry.All.Select((entry, i) => KeyValuePair.Create($"{SettingBinder.Section}:{SpanProcessorBinding.Path}:{i}:Type", (string?)entry.Type)))
            .Concat(LogProcessorRegistry.All.Select((entry, i) => KeyValuePair.Create($"{SettingBinder.Section}:{LogProcessorBinding.Path}:{i}:Type", (string?)entry.Type)));
        var root = new SettingNames();
        root.AddKnown(settings);
        foreach (var (type, _) in HealthCheckRegistry.All) root.AddKnown([KeyValuePair.Create($"{SettingBinder.Section}:{HealthBinding.ChecksPath}:{Any}:Type", (string?)type)]);
        foreach (var type in ExporterRegistry.All) root.AddKnown([KeyValuePair.Create($"{SettingBinder.Section}:Exporters:{Any}:Type", (string?)type.Name)]);
        foreach (var type in LogSinkRegistry.All) root.AddKnown([KeyValuePair.Create($"{SettingBinder.Section}:{LogSinkBinding.Path}:{Any}:Type", (string?)type.Name), KeyValuePair.Create($"{SettingBinder.Section}:{LogSinkBinding.Path}:{Any}:Filters:0:Path", (string?)"/")]);
        return root;
    }

    /// <summary>Adds every path that is read from a configuration with these settings.</summary>
    private void AddKnown(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var binder = new SettingBinder(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new SettingReport());
        TelemetryBinding.Bind(binder, new TelemetryOptions());
        foreach (var path in binder.KnownPaths) Add([SettingBinder.Section, .. path.Split(':')]);
    }

    private void Add(ReadOnlySpan<string> path)
    {
        if (path.Length == 0) return;
        var name = path[0].All(char.IsAsciiDigit) ? Any : path[0];
        if (!_names.TryGetValue(name, out var there)) _names[name] = there = (name, new SettingNames(name == Any));
        there.Below.Add(path[1..]);
    }
}
