using OtelTelemetry.Processors.Measurements;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Metrics:Rules</c>: a list of rules, in the order in which they apply.</summary>
internal static class MeasurementRuleBinding
{
    public const string Path = "Metrics:Rules";

    private static readonly string[] s_known =
    [
        nameof(MeasurementRule.Meter), nameof(MeasurementRule.Instrument), nameof(MeasurementRule.Deny), nameof(MeasurementRule.Rename),
        nameof(MeasurementRule.Buckets), nameof(MeasurementRule.KeepLabels), nameof(MeasurementRule.DropLabels), nameof(MeasurementRule.MapLabels),
        nameof(MeasurementRule.RenameLabels), nameof(MeasurementRule.AddLabels), nameof(MeasurementRule.DropWhere), nameof(MeasurementRule.GaugeMerge),
        nameof(MeasurementRule.Quantiles),
    ];

    public static void Bind(SettingBinder binder, IList<MeasurementRule> rules)
    {
        binder.Know(Path);
        if (binder.Text($"{SettingBinder.Section}:{Path}") is not null)
        {
            binder.Report.Error($"{SettingBinder.Section}:{Path}", "it is a text", $"Allowed: a list of rules, such as {SettingBinder.Section}:{Path}:0:Instrument with {SettingBinder.Section}:{Path}:0:DropLabels");
        }

        foreach (var key in binder.ChildrenOf(Path)) rules.Add(Read(binder, $"{Path}:{key}"));
    }

    private static MeasurementRule Read(SettingBinder binder, string path)
    {
        var rule = new MeasurementRule { Key = path };
        binder.Bind($"{path}:Meter", Parse.Text, value => rule.Meter = value);
        binder.Bind($"{path}:Instrument", Parse.Text, value => rule.Instrument = value);
        binder.Bind($"{path}:Deny", Parse.Boolean, value => rule.Deny = value);
        binder.Bind($"{path}:Rename", Parse.Text, value => rule.Rename = value);
        binder.BindNumbers($"{path}:Buckets", values => Replace(rule.Buckets, values));
        binder.BindList($"{path}:KeepLabels", values => Replace(rule.KeepLabels, values));
        binder.BindList($"{path}:DropLabels", values => Replace(rule.DropLabels, values));
        binder.BindMap($"{path}:RenameLabels", values => Replace(rule.RenameLabels, values));
        binder.BindMap($"{path}:AddLabels", values => Replace(rule.AddLabels, values));
        binder.BindMap($"{path}:DropWhere", values => Replace(rule.DropWhere, values));
        binder.Bind($"{path}:GaugeMerge", Merge, value => rule.GaugeMerge = value);
        binder.BindNumbers($"{path}:Quantiles", values => Replace(rule.Quantiles, values));
        BindMappings(binder, $"{path}:MapLabels", rule);
        foreach (var key in binder.ChildrenOf(path))
        {
            if (s_known.Contains(key, StringComparer.OrdinalIgnoreCase)) continue;
            binder.Know($"{path}:{key}");
            binder.Report.Warnings.Add($"{SettingBinder.Section}:{path}:{key} is not a known setting and is ignored; a rule has {string.Join(", ", s_known)}");
        }

        return rule;
    }

    /// <summary>For each label a map of its own, an object or one value <c>pattern=value,pattern=value</c>.</summary>
    private static void BindMappings(SettingBinder binder, string path, MeasurementRule rule)
    {
        binder.Know(path);
        if (binder.Text($"{SettingBinder.Section}:{path}") is not null)
        {
            binder.Report.Error($"{SettingBinder.Section}:{path}", "it is a text", $"Allowed: a label's name as a key, such as {SettingBinder.Section}:{path}:path with /api/*=api,*=other");
        }

        foreach (var label in binder.ChildrenOf(path))
        {
            var values = new Dictionary<string, string>(StringComparer.Ordinal);
            binder.BindMap($"{path}:{label}", map => Replace(values, map));
            rule.MapLabels[label] = values;
        }
    }

    private static Parsed<GaugeMerge?> Merge(string text) =>
        Enum.TryParse<GaugeMerge>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0])
            ? value
            : Parsed<GaugeMerge?>.Wrong($"'{text}' is no way to put gauges together", "Allowed: " + string.Join(", ", Enum.GetNames<GaugeMerge>()));

    private static void Replace<T>(IList<T> target, IReadOnlyList<T> values)
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
