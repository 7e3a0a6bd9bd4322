using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Running;

/// <summary>When and how one check runs, with everything it did not set for itself filled in. Immutable.</summary>
internal sealed record CheckPlan(string Name, IReadOnlyList<string> Tags)
{
    public required TimeSpan Interval { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required double Jitter { get; init; }

    public required int UnhealthyThreshold { get; init; }

    public required int HealthyThreshold { get; init; }

    public required TimeSpan StartupGrace { get; init; }

    public required int HistorySize { get; init; }

    /// <summary>How long the first run waits; null for a moment chosen at random within a second.</summary>
    public TimeSpan? Delay { get; init; }

    public HealthStatus FailureStatus { get; init; } = HealthStatus.Unhealthy;

    /// <summary>A plan of the settings of all checks and those of one.</summary>
    /// <param name="name">The check's name.</param>
    /// <param name="all">The settings of all checks.</param>
    /// <param name="own">What the check sets for itself.</param>
    /// <param name="registration">How the application registered it; null where it did not.</param>
    public static CheckPlan Of(string name, TelemetryHealthOptions all, TelemetryHealthCheckOptions? own, HealthCheckRegistration? registration = null) =>
        new(name, [.. (own?.Tags ?? registration?.Tags ?? Enumerable.Empty<string>()).Distinct(StringComparer.OrdinalIgnoreCase)])
        {
            Interval = own?.Interval ?? registration?.Period ?? all.Interval,
            Timeout = own?.Timeout ?? Finite(registration?.Timeout) ?? all.Timeout,
            Jitter = all.Jitter,
            UnhealthyThreshold = own?.UnhealthyThreshold ?? all.UnhealthyThreshold,
            HealthyThreshold = own?.HealthyThreshold ?? all.HealthyThreshold,
            StartupGrace = own?.StartupGrace ?? all.StartupGrace,
            HistorySize = all.HistorySize,
            Delay = registration?.Delay,
            FailureStatus = own?.FailureStatus ?? registration?.FailureStatus ?? HealthStatus.Unhealthy,
        };

    private static TimeSpan? Finite(TimeSpan? time) => time > TimeSpan.Zero ? time : null;
}
