namespace OtelTelemetry.Health.Checks;

/// <summary>The limits of checks of something that can become full.</summary>
internal static class PercentLimits
{
    public static IEnumerable<(string Property, string Problem, string Remedy)> Check(double max, double? degraded)
    {
        if (max is not (> 0 and <= 100)) yield return ("MaxUsedPercent", FormattableString.Invariant($"{max} is no part of the whole"), "Allowed: more than 0, at most 100");
        if (degraded is { } value && !(value > 0 && value < max)) yield return ("DegradedUsedPercent", FormattableString.Invariant($"{value} is not below the limit"), "Allowed: more than 0, less than MaxUsedPercent");
    }
}
