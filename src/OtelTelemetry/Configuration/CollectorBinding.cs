using OtelTelemetry.Collectors;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Metrics:Collectors</c>: a list of collectors, in the order in which a measurement meets them.</summary>
internal static class CollectorBinding
{
    private const string Path = "Metrics:Collectors";

    public static void Bind(SettingBinder binder, IList<CollectorOptions> collectors)
    {
        var keys = binder.ChildrenOf(Path);
        binder.Know(Path);
        if (keys.Count == 0) return;
        collectors.Clear();
        foreach (var key in keys) Read(binder, $"{Path}:{key}", collectors);
    }

    private static void Read(SettingBinder binder, string path, IList<CollectorOptions> collectors)
    {
        string? type = null;
        binder.Bind($"{path}:Type", Parse.Text, value => type = value);
        var allowed = "Allowed: " + string.Join(", ", CollectorRegistry.All.Select(entry => entry.Type));
        var setting = $"{SettingBinder.Section}:{path}:Type";
        if (type is null)
        {
            binder.Report.Error(setting, "the collector has no type", allowed);
            return;
        }

        var known = CollectorRegistry.All.FirstOrDefault(entry => entry.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
        if (known.Read is null)
        {
            binder.Report.Error(setting, $"'{type}' is not a collector this library knows", allowed);
            return;
        }

        collectors.Add(known.Read(new SettingSection(binder, path)));
    }
}
