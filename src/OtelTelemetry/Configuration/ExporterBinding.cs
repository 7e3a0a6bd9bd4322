using OtelTelemetry.Exporters;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Exporters</c>: exporters of metrics by name, several of one type where that is wanted.</summary>
internal static class ExporterBinding
{
    private const string Path = "Exporters";

    public static void Bind(SettingBinder binder, IDictionary<string, MetricsExporterOptions> exporters)
    {
        binder.Know(Path);
        foreach (var name in binder.ChildrenOf(Path)) Read(binder, name, exporters);
    }

    private static void Read(SettingBinder binder, string name, IDictionary<string, MetricsExporterOptions> exporters)
    {
        var path = $"{Path}:{name}";
        var enabled = true;
        // Without a type the name is the type: Telemetry:Exporters:StatsD.
        var typeName = name;
        binder.Bind($"{path}:Type", Parse.Text, value => typeName = value);
        binder.Bind($"{path}:Enabled", Parse.Boolean, value => enabled = value);
        var type = ExporterRegistry.All.FirstOrDefault(known => known.Name.Equals(typeName, StringComparison.OrdinalIgnoreCase));
        if (type is null)
        {
            binder.Report.Error(
                $"{SettingBinder.Section}:{path}:Type",
                $"'{typeName}' is not an exporter this application knows",
                $"Allowed: {string.Join(", ", ExporterRegistry.All.Select(known => known.Name).Order(StringComparer.Ordinal))}; an exporter of a package of its own is known after its Add method was called");
            return;
        }

        var options = type.Create();
        var section = new SettingSection(binder, path);
        section.Bind("Interval", Parse.Duration, value => options.Interval = value);
        section.Bind("Timeout", Parse.Duration, value => options.Timeout = value);
        section.BindList("Include", values => Replace(options.Include, values));
        section.BindList("Exclude", values => Replace(options.Exclude, values));
        section.BindMap("Where", Parse.Text, values => Replace(options.Where, values));
        DestinationBinding.Bind(binder, $"{path}:Delivery", options.Delivery);
        type.Bind(section, options);
        if (enabled) exporters[name] = options;
    }

    private static void Replace(IList<string> target, IReadOnlyList<string> values)
    {
        target.Clear();
        foreach (var value in values) target.Add(value);
    }

    private static void Replace(IDictionary<string, string> target, IReadOnlyDictionary<string, string> values)
    {
        target.Clear();
        foreach (var (name, value) in values) target[name] = value;
    }
}
