using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Configuration;

/// <summary>Checks the settings of alerts, whoever set them. Every error is found, not only the first.</summary>
internal static class AlertsValidation
{
    public static void Check(SettingReport report, TelemetryAlertsOptions alerts)
    {
        if (alerts.Interval < TimeSpan.FromSeconds(1) || alerts.Interval > TimeSpan.FromHours(1))
        {
            report.Error(report.NameOf("Alerts:Interval", alerts.Interval), $"{alerts.Interval} is out of range", "Allowed: 1s to 1h, such as 15s");
        }

        Duration(report, "Alerts:GroupWait", alerts.GroupWait, TimeSpan.Zero);
        Duration(report, "Alerts:GroupInterval", alerts.GroupInterval, TimeSpan.Zero);
        Duration(report, "Alerts:RepeatInterval", alerts.RepeatInterval, TimeSpan.FromTicks(1));
        if (alerts.GroupBy.Any(string.IsNullOrWhiteSpace)) report.Error(report.NameOfCollection("Alerts:GroupBy"), "a label has no name", "Allowed: names of labels, such as alertname");
        if (alerts.Labels.Keys.Any(string.IsNullOrWhiteSpace)) report.Error(report.NameOfCollection("Alerts:Labels"), "a label has no name", "Allowed: names that are not empty");
        foreach (var (name, rule) in alerts.Rules) Part(report, $"{AlertsBinding.Rules}:{name}", rule?.Check());
        foreach (var (name, handler) in alerts.Handlers) Part(report, $"{AlertsBinding.Handlers}:{name}", handler?.Check());
        foreach (var (name, silence) in alerts.Silences) Part(report, $"{AlertsBinding.Silences}:{name}", silence?.Check());
        for (var i = 0; i < alerts.Inhibitions.Count; i++) Part(report, $"{AlertsBinding.Inhibitions}:{i}", alerts.Inhibitions[i] is null ? null : []);
        foreach (var same in alerts.Handlers.Keys.GroupBy(AlertHandlerContext.ComponentOf).Where(same => same.Count() > 1))
        {
            report.Error($"{SettingBinder.Section}:{AlertsBinding.Handlers}", $"{string.Join(" and ", same)} are one name in metrics, {same.Key}", "Give each handler a name of its own");
        }
    }

    private static void Part(SettingReport report, string path, IEnumerable<(string Property, string Problem, string Remedy)>? errors)
    {
        if (errors is null)
        {
            report.Error("TelemetryOptions." + path.Replace(':', '.'), "it is null", "Allowed: its settings, or no entry at all");
            return;
        }

        foreach (var (property, problem, remedy) in errors) report.Error(report.NameOfPart($"{path}:{property}"), problem, remedy);
    }

    private static void Duration(SettingReport report, string path, TimeSpan value, TimeSpan least)
    {
        if (value >= least && value <= AlertRule.LongestDuration) return;
        report.Error(report.NameOf(path, value), $"{value} is out of range", least > TimeSpan.Zero ? "Allowed: more than 0, at most 720h, such as 4h" : "Allowed: 0s to 720h, such as 30s");
    }
}
