using OtelTelemetry.Processors.Logs;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Logs:Processors</c>: a list of log processors, in the order in which a record meets them.</summary>
internal static class LogProcessorBinding
{
    public const string Path = "Logs:Processors";

    public static void Bind(SettingBinder binder, IList<LogProcessorOptions> processors)
    {
        binder.Know(Path);
        foreach (var key in binder.ChildrenOf(Path)) Read(binder, $"{Path}:{key}", processors);
    }

    private static void Read(SettingBinder binder, string path, IList<LogProcessorOptions> processors)
    {
        string? type = null;
        binder.Bind($"{path}:Type", Parse.Text, value => type = value);
        var allowed = "Allowed: " + string.Join(", ", LogProcessorRegistry.All.Select(entry => entry.Type));
        var setting = $"{SettingBinder.Section}:{path}:Type";
        if (type is null)
        {
            binder.Report.Error(setting, "the processor has no type", allowed);
            return;
        }

        var known = LogProcessorRegistry.All.FirstOrDefault(entry => entry.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
        if (known.Read is null) binder.Report.Error(setting, $"'{type}' is not a log processor this library knows", allowed);
        else processors.Add(known.Read(new SettingSection(binder, path)));
    }
}
