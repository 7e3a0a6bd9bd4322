namespace OtelTelemetry.Health;

/// <summary>The ranges of settings that health as a whole and each check have.</summary>
internal static class HealthRules
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    public static IEnumerable<(string Property, string Problem, string Remedy)> CheckTimes(TimeSpan? interval, TimeSpan? timeout, TimeSpan? grace)
    {
        if (IsNoTime(interval)) yield return ("Interval", $"{interval} is no interval", "Allowed: more than 0, at most 24 days, such as 30s");
        if (IsNoTime(timeout)) yield return ("Timeout", $"{timeout} is no time for a check", "Allowed: more than 0, at most 24 days, such as 5s");
        if (grace < TimeSpan.Zero || grace > s_longest) yield return ("StartupGrace", $"{grace} is no time after the start", "Allowed: 0s to 24 days");
    }

    public static IEnumerable<(string Property, string Problem, string Remedy)> CheckThresholds(int? unhealthy, int? healthy)
    {
        if (unhealthy is < 1 or > 1000) yield return ("UnhealthyThreshold", FormattableString.Invariant($"{unhealthy} is no number of results"), "Allowed: 1 to 1000");
        if (healthy is < 1 or > 1000) yield return ("HealthyThreshold", FormattableString.Invariant($"{healthy} is no number of results"), "Allowed: 1 to 1000");
    }

    private static bool IsNoTime(TimeSpan? time) => time <= TimeSpan.Zero || time > s_longest;
}
