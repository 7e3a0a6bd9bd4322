using OtelTelemetry.Monitoring;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Configuration;

/// <summary>Reads and checks <c>Telemetry:Monitoring</c>.</summary>
internal static class MonitoringBinding
{
    internal const string Path = "Monitoring";

    internal const string MetricsPath = Path + ":Metrics";

    private const string AllowedTypes = "Allowed: counter, gauge, histogram, summary";

    private static readonly string[] s_keys = ["Type", "Interval", "Help", "Unit", "Labels"];

    public static void Bind(SettingBinder binder, MonitoringOptions monitoring)
    {
        binder.Bind($"{Path}:Interval", Parse.Duration, value => monitoring.Interval = value);
        binder.Bind($"{Path}:Timeout", Parse.Duration, value => monitoring.Timeout = value);
        binder.Bind($"{Path}:Jitter", Parse.Duration, value => monitoring.Jitter = value);
        binder.Bind($"{Path}:Retries", Parse.Integer, value => monitoring.Retries = value);
        binder.Bind($"{Path}:RetryDelay", Parse.Duration, value => monitoring.RetryDelay = value);
        binder.Bind($"{Path}:HistorySize", Parse.Integer, value => monitoring.HistorySize = value);
        binder.Know(MetricsPath);
        foreach (var name in binder.ChildrenOf(MetricsPath)) monitoring.Metrics[name] = ReadMetric(binder, name);
        binder.Bind($"{Path}:System:Enabled", Parse.Boolean, value => monitoring.System.Enabled = value);
        foreach (var (name, options) in monitoring.System.All) BindCollector(binder, $"{Path}:System:{name}", options);
    }

    public static void Check(SettingReport report, MonitoringOptions monitoring)
    {
        foreach (var (property, problem, remedy) in monitoring.Check()) report.Error(report.NameOfPart($"{Path}:{property}"), problem, remedy);
    }

    private static void BindCollector(SettingBinder binder, string path, SystemCollectorOptions options)
    {
        binder.Bind($"{path}:Enabled", Parse.Boolean, value => options.Enabled = value);
        binder.Bind($"{path}:Interval", Parse.OptionalDuration, value => options.Interval = value);
        if (options is not DeviceCollectorOptions devices) return;
        binder.BindList($"{path}:Exclude", values =>
        {
            devices.Exclude.Clear();
            foreach (var value in values) devices.Exclude.Add(value);
        });
    }

    private static MonitoredMetricOptions ReadMetric(SettingBinder binder, string name)
    {
        var path = $"{MetricsPath}:{name}";
        var setting = $"{SettingBinder.Section}:{path}";
        if (binder.Text(setting) is { } text)
        {
            binder.Report.Error(setting, $"'{text}' stands where an object is expected", "Allowed: an object such as { \"Type\": \"gauge\", \"Interval\": \"30s\" }");
        }

        var metric = new MonitoredMetricOptions();
        binder.Bind($"{path}:Type", Type, value => metric = metric with { Type = value });
        binder.Bind($"{path}:Interval", Parse.OptionalDuration, value => metric = metric with { Interval = value });
        binder.Bind($"{path}:Help", Parse.Text, value => metric = metric with { Help = value });
        binder.Bind($"{path}:Unit", Parse.Text, value => metric = metric with { Unit = value });
        binder.BindList($"{path}:Labels", values => metric = metric with { Labels = values });
        binder.Report.CameFrom(path, setting, metric);
        foreach (var key in binder.ChildrenOf(path))
        {
            if (s_keys.Contains(key, StringComparer.OrdinalIgnoreCase)) continue;
            var nearest = NearestName.Of(key, s_keys, UnknownKeys.MostDifferences);
            var meant = nearest is null ? "" : $"Did you mean {nearest}? ";
            binder.Report.Error($"{setting}:{key}", "this is not a setting of a monitored metric", $"{meant}Allowed: {string.Join(", ", s_keys)}");
        }

        return metric;
    }

    private static Parsed<MetricKind?> Type(string text) => text.ToLowerInvariant() switch
    {
        "counter" => MetricKind.Counter,
        "gauge" => MetricKind.Gauge,
        "histogram" => MetricKind.Histogram,
        "summary" => MetricKind.Summary,
        _ => Parsed<MetricKind?>.Wrong($"'{text}' is not a type of metric", AllowedTypes),
    };
}
