using OtelTelemetry.Logging.Sinks;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Logs:Sinks</c>: places where log records go, by name, several of one type where that is wanted.</summary>
internal static class LogSinkBinding
{
    public const string Path = "Logs:Sinks";

    public static void Bind(SettingBinder binder, IDictionary<string, LogSinkOptions> sinks)
    {
        binder.Know(Path);
        foreach (var name in binder.ChildrenOf(Path)) Read(binder, name, sinks);
    }

    private static void Read(SettingBinder binder, string name, IDictionary<string, LogSinkOptions> sinks)
    {
        var path = $"{Path}:{name}";
        var enabled = true;
        // Without a type the name is the type: Telemetry:Logs:Sinks:Console.
        var typeName = name;
        binder.Bind($"{path}:Type", Parse.Text, value => typeName = value);
        binder.Bind($"{path}:Enabled", Parse.Boolean, value => enabled = value);
        var type = LogSinkRegistry.All.FirstOrDefault(known => known.Name.Equals(typeName, StringComparison.OrdinalIgnoreCase));
        if (type is null)
        {
            binder.Report.Error(
                $"{SettingBinder.Section}:{path}:Type",
                $"'{typeName}' is not a log sink this application knows",
                $"Allowed: {string.Join(", ", LogSinkRegistry.All.Select(known => known.Name).Order(StringComparer.Ordinal))}; a sink of a package of its own is known after its Add method was called (File: AddFileLogs of OtelTelemetry.LogFiles)");
            return;
        }

        var options = type.Read(new SettingSection(binder, path)).ReadCommon(binder, path);
        if (enabled) sinks[name] = options;
    }
}
