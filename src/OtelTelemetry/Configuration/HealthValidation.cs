using OtelTelemetry.Health;

namespace OtelTelemetry.Configuration;

/// <summary>Checks the settings of health, whoever set them. Every error is found, not only the first.</summary>
internal static class HealthValidation
{
    public static void Check(SettingReport report, TelemetryHealthOptions health)
    {
        foreach (var (property, problem, remedy) in HealthRules.CheckTimes(health.Interval, health.Timeout, health.StartupGrace)
            .Concat(HealthRules.CheckThresholds(health.UnhealthyThreshold, health.HealthyThreshold)))
        {
            report.Error(report.NameOfPart($"Health:{property}"), problem, remedy);
        }

        if (health.Jitter is not (>= 0 and <= 0.5)) report.Error(report.NameOf("Health:Jitter", health.Jitter), FormattableString.Invariant($"{health.Jitter} is no part of an interval"), "Allowed: 0 to 0.5");
        if (health.HistorySize is < 0 or > 1000) report.Error(report.NameOf("Health:HistorySize", health.HistorySize), FormattableString.Invariant($"{health.HistorySize} is no number of runs"), "Allowed: 0 to 1000");
        CheckStatusCode(report, "Health:DegradedStatusCode", health.DegradedStatusCode);
        CheckStatusCode(report, "Health:UnhealthyStatusCode", health.UnhealthyStatusCode);
        TelemetryValidation.CheckPath(report, report.NameOf("Health:LivenessPath", health.LivenessPath), health.LivenessPath);
        TelemetryValidation.CheckPath(report, report.NameOf("Health:ReadinessPath", health.ReadinessPath), health.ReadinessPath);
        if (string.Equals(health.LivenessPath?.TrimEnd('/'), health.ReadinessPath?.TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
        {
            report.Error(report.NameOf("Health:ReadinessPath", health.ReadinessPath), "it is the path of liveness as well", "Allowed: another path than Health:LivenessPath");
        }

        TelemetryValidation.CheckDefined(report, "Health:Details", health.Details, "Loopback, Always, Never");
        if (health.DetailsPolicy is { } policy && policy.Trim().Length == 0) report.Error(report.NameOf("Health:DetailsPolicy", policy), "it is empty", "Allowed: the name of an authorization policy, or no setting");
        foreach (var (name, check) in health.Checks)
        {
            if (check is null)
            {
                report.Error($"TelemetryOptions.Health.Checks[{name}]", "it is null", "Allowed: the settings of a health check");
                continue;
            }

            foreach (var (property, problem, remedy) in check.CheckAll()) report.Error(report.NameOfPart($"{HealthBinding.ChecksPath}:{name}:{property}"), problem, remedy);
        }
    }

    private static void CheckStatusCode(SettingReport report, string path, int code)
    {
        if (code is < 200 or > 599) report.Error(report.NameOf(path, code), FormattableString.Invariant($"{code} is no HTTP status of an answer"), "Allowed: 200 to 599");
    }
}
