using OtelTelemetry.Processors.Spans;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Traces:Processors</c>: a list of span processors, in the order in which a span meets them.</summary>
internal static class SpanProcessorBinding
{
    public const string Path = "Traces:Processors";

    public static void Bind(SettingBinder binder, IList<SpanProcessorOptions> processors)
    {
        binder.Know(Path);
        foreach (var key in binder.ChildrenOf(Path)) Read(binder, $"{Path}:{key}", processors);
    }

    private static void Read(SettingBinder binder, string path, IList<SpanProcessorOptions> processors)
    {
        string? type = null;
        binder.Bind($"{path}:Type", Parse.Text, value => type = value);
        var allowed = "Allowed: " + string.Join(", ", SpanProcessorRegistry.All.Select(entry => entry.Type));
        var setting = $"{SettingBinder.Section}:{path}:Type";
        if (type is null)
        {
            binder.Report.Error(setting, "the processor has no type", allowed);
            return;
        }

        var known = SpanProcessorRegistry.All.FirstOrDefault(entry => entry.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
        if (known.Read is null) binder.Report.Error(setting, $"'{type}' is not a span processor this library knows", allowed);
        else processors.Add(known.Read(new SettingSection(binder, path)));
    }
}
