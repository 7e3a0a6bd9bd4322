using OtelTelemetry.Health;

namespace OtelTelemetry.Configuration;

/// <summary>Reads <c>Telemetry:Health</c>.</summary>
internal static class HealthBinding
{
    public const string ChecksPath = "Health:Checks";

    /// <summary>The remedy for a wrong type.</summary>
    public static string AllowedTypes =>
        "Allowed: " + string.Join(", ", HealthCheckRegistry.All.Select(entry => entry.Type)) + "; none for a check that is registered with AddHealthChecks()";

    public static void Bind(SettingBinder binder, TelemetryHealthOptions health)
    {
        binder.Bind("Health:Enabled", Parse.Boolean, value => health.Enabled = value);
        binder.Bind("Health:Interval", Parse.Duration, value => health.Interval = value);
        binder.Bind("Health:Jitter", Parse.Number, value => health.Jitter = value);
        binder.Bind("Health:Timeout", Parse.Duration, value => health.Timeout = value);
        binder.Bind("Health:UnhealthyThreshold", Parse.Integer, value => health.UnhealthyThreshold = value);
        binder.Bind("Health:HealthyThreshold", Parse.Integer, value => health.HealthyThreshold = value);
        binder.Bind("Health:StartupGrace", Parse.Duration, value => health.StartupGrace = value);
        binder.Bind("Health:HistorySize", Parse.Integer, value => health.HistorySize = value);
        binder.Bind("Health:LivenessPath", Parse.Text, value => health.LivenessPath = value);
        binder.Bind("Health:ReadinessPath", Parse.Text, value => health.ReadinessPath = value);
        binder.Bind("Health:DegradedStatusCode", Parse.Integer, value => health.DegradedStatusCode = value);
        binder.Bind("Health:UnhealthyStatusCode", Parse.Integer, value => health.UnhealthyStatusCode = value);
        binder.Bind("Health:Details", Parse.Name<HealthDetails>, value => health.Details = value);
        binder.Bind("Health:DetailsPolicy", Parse.Text, value => health.DetailsPolicy = value);
        binder.Know(ChecksPath);
        foreach (var name in binder.ChildrenOf(ChecksPath)) ReadCheck(binder, name, health.Checks);
    }

    private static void ReadCheck(SettingBinder binder, string name, IDictionary<string, TelemetryHealthCheckOptions> checks)
    {
        var path = $"{ChecksPath}:{name}";
        var type = HealthCheckRegistry.Registered;
        var enabled = true;
        binder.Bind($"{path}:Type", Parse.Text, value => type = value);
        binder.Bind($"{path}:Enabled", Parse.Boolean, value => enabled = value);
        var known = HealthCheckRegistry.All.FirstOrDefault(entry => entry.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
        if (known.Read is null)
        {
            binder.Report.Error($"{SettingBinder.Section}:{path}:Type", $"'{type}' is not a health check this library knows", AllowedTypes);
            return;
        }

        // So that what is missing is told under the name of its section too.
        binder.Report.CameFrom(path, $"{SettingBinder.Section}:{path}", null);
        var options = known.Read(new SettingSection(binder, path));
        if (enabled) checks[name] = options;
    }
}
