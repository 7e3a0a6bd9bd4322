using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Alerts</c>: rules, handlers and silences by name, and a list of inhibitions.</summary>
internal static class AlertsBinding
{
    public const string Rules = "Alerts:Rules";
    public const string Handlers = "Alerts:Handlers";
    public const string Silences = "Alerts:Silences";
    public const string Inhibitions = "Alerts:Inhibitions";

    public static void Bind(SettingBinder binder, TelemetryAlertsOptions alerts)
    {
        binder.Bind("Alerts:Enabled", Parse.Boolean, value => alerts.Enabled = value);
        binder.Bind("Alerts:Interval", Parse.Duration, value => alerts.Interval = value);
        binder.BindMap("Alerts:Labels", values =>
        {
            alerts.Labels.Clear();
            foreach (var (name, value) in values) alerts.Labels[name] = value;
        });
        binder.BindList("Alerts:GroupBy", values =>
        {
            alerts.GroupBy.Clear();
            foreach (var value in values) alerts.GroupBy.Add(value);
        });
        binder.Bind("Alerts:GroupWait", Parse.Duration, value => alerts.GroupWait = value);
        binder.Bind("Alerts:GroupInterval", Parse.Duration, value => alerts.GroupInterval = value);
        binder.Bind("Alerts:RepeatInterval", Parse.Duration, value => alerts.RepeatInterval = value);
        foreach (var path in new[] { Rules, Handlers, Silences, Inhibitions }) binder.Know(path);
        foreach (var name in binder.ChildrenOf(Rules)) ReadRule(binder, name, alerts.Rules);
        foreach (var name in binder.ChildrenOf(Handlers)) ReadHandler(binder, name, alerts.Handlers);
        // What a part does not set is missing there, and not in code.
        foreach (var part in new[] { Rules, Handlers, Silences, Inhibitions }.SelectMany(path => binder.ChildrenOf(path).Select(name => $"{path}:{name}"))) binder.Report.CameFrom(part, $"{SettingBinder.Section}:{part}", null);
        foreach (var name in binder.ChildrenOf(Silences)) alerts.Silences[name] = AlertSilence.Read(new SettingSection(binder, $"{Silences}:{name}"));
        foreach (var key in binder.ChildrenOf(Inhibitions)) alerts.Inhibitions.Add(AlertInhibition.Read(new SettingSection(binder, $"{Inhibitions}:{key}")));
    }

    private static void ReadRule(SettingBinder binder, string name, IDictionary<string, AlertRule> rules)
    {
        var enabled = true;
        binder.Bind($"{Rules}:{name}:Enabled", Parse.Boolean, value => enabled = value);
        var rule = AlertRule.Read(new SettingSection(binder, $"{Rules}:{name}"));
        if (enabled) rules[name] = rule;
    }

    private static void ReadHandler(SettingBinder binder, string name, IDictionary<string, AlertHandlerOptions> handlers)
    {
        var path = $"{Handlers}:{name}";
        var enabled = true;
        // Without a type the name is the type: Telemetry:Alerts:Handlers:Slack.
        var typeName = name;
        binder.Bind($"{path}:Type", Parse.Text, value => typeName = value);
        binder.Bind($"{path}:Enabled", Parse.Boolean, value => enabled = value);
        var type = AlertHandlerRegistry.All.FirstOrDefault(known => known.Name.Equals(typeName, StringComparison.OrdinalIgnoreCase));
        if (type is null)
        {
            binder.Report.Error(
                $"{SettingBinder.Section}:{path}:Type",
                $"'{typeName}' is not an alert handler this application knows",
                $"Allowed: {string.Join(", ", AlertHandlerRegistry.All.Select(known => known.Name).Order(StringComparer.Ordinal))}; a handler of your own is added in code (AddAlertHandler)");
            return;
        }

        var options = type.Read(new SettingSection(binder, path)).ReadCommon(binder, path);
        if (enabled) handlers[name] = options;
    }
}
