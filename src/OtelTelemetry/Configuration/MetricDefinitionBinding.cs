using OtelTelemetry.Metrics;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Metrics:Definitions</c>: metrics declared as data, each under its name.</summary>
internal static class MetricDefinitionBinding
{
    internal const string Path = "Metrics:Definitions";

    private const string AllowedTypes = "Allowed: counter, gauge, histogram, summary";

    private static readonly string[] s_keys = ["Type", "Help", "Unit", "Labels", "Buckets", "Quantiles", "Window", "MaxSeries", "IdleExpiry"];

    public static void Bind(SettingBinder binder, IList<MetricOptions> definitions)
    {
        binder.Know(Path);
        var section = $"{SettingBinder.Section}:{Path}";
        if (binder.Text(section) is { } text)
        {
            binder.Report.Error(section, $"'{text}' stands where an object is expected", "Allowed: an object with one entry a metric, such as { \"orders_total\": { \"Type\": \"counter\" } }");
        }

        foreach (var name in binder.ChildrenOf(Path))
        {
            if (Read(binder, name) is not { } definition) continue;
            definitions.Add(definition);
            binder.Report.CameFrom($"{Path}:{name}", $"{section}:{name}", definition);
        }
    }

    /// <summary>One definition; null where it has no type that is one. What else is wrong in it is told all the same.</summary>
    private static MetricOptions? Read(SettingBinder binder, string name)
    {
        var path = $"{Path}:{name}";
        var setting = $"{SettingBinder.Section}:{path}";
        var report = binder.Report;
        if (binder.Text(setting) is { } text)
        {
            report.Error(setting, $"'{text}' stands where an object is expected", "Allowed: an object such as { \"Type\": \"counter\", \"Help\": \"Orders placed.\" }");
            return null;
        }

        string? type = null;
        IReadOnlyList<string> labels = [];
        IReadOnlyList<double>? buckets = null, quantiles = null;
        string help = "", unit = "";
        TimeSpan? window = null, idleExpiry = null;
        int? maxSeries = null;
        binder.Bind($"{path}:Type", Parse.Text, value => type = value);
        binder.Bind($"{path}:Help", Parse.Text, value => help = value);
        binder.Bind($"{path}:Unit", Parse.Text, value => unit = value);
        binder.BindList($"{path}:Labels", values => labels = values);
        binder.BindNumbers($"{path}:Buckets", values => buckets = values);
        binder.BindNumbers($"{path}:Quantiles", values => quantiles = values);
        binder.Bind($"{path}:Window", Parse.OptionalDuration, value => window = value);
        binder.Bind($"{path}:MaxSeries", Parse.OptionalInteger, value => maxSeries = value);
        binder.Bind($"{path}:IdleExpiry", Parse.OptionalDuration, value => idleExpiry = value);
        ReportUnknownKeys(binder, path);

        MetricOptions? definition = type?.ToLowerInvariant() switch
        {
            "counter" => new CounterOptions(name),
            "gauge" => new GaugeOptions(name),
            "histogram" => new HistogramOptions(name) { Buckets = buckets },
            "summary" => Summary(name, quantiles, window),
            _ => null,
        };
        if (definition is null)
        {
            report.Error($"{setting}:Type", type is null ? "the metric has no type" : $"'{type}' is not a type of metric", AllowedTypes);
            return null;
        }

        if (definition is not HistogramOptions) BelongsElsewhere(binder, path, "Buckets", type!, "histogram", buckets is not null);
        if (definition is not SummaryOptions) BelongsElsewhere(binder, path, "Quantiles", type!, "summary", quantiles is not null);
        if (definition is not SummaryOptions) BelongsElsewhere(binder, path, "Window", type!, "summary", window is not null);
        return definition with { Help = help, Unit = unit, LabelNames = labels, MaxSeries = maxSeries, IdleExpiry = idleExpiry, DeclaredIn = report.Locate(setting) };
    }

    private static SummaryOptions Summary(string name, IReadOnlyList<double>? quantiles, TimeSpan? window)
    {
        var summary = new SummaryOptions(name);
        return summary with { Quantiles = quantiles ?? summary.Quantiles, Window = window ?? summary.Window };
    }

    private static void BelongsElsewhere(SettingBinder binder, string path, string key, string type, string owner, bool isSet)
    {
        if (!isSet) return;
        binder.Report.Error(
            $"{SettingBinder.Section}:{path}:{key}", $"a {type.ToLowerInvariant()} has no {key.ToLowerInvariant()}", $"Remove it, or set Type to {owner}");
    }

    private static void ReportUnknownKeys(SettingBinder binder, string path)
    {
        foreach (var key in binder.ChildrenOf(path))
        {
            if (s_keys.Contains(key, StringComparer.OrdinalIgnoreCase)) continue;
            var nearest = NearestName.Of(key, s_keys, UnknownKeys.MostDifferences);
            var meant = nearest is null ? "" : $"Did you mean {nearest}? ";
            binder.Report.Error($"{SettingBinder.Section}:{path}:{key}", "this is not a setting of a metric", $"{meant}Allowed: {string.Join(", ", s_keys)}");
        }
    }
}
