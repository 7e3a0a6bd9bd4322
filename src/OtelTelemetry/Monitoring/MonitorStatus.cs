namespace OtelTelemetry.Monitoring;

/// <summary>How one collector of a <see cref="PerformanceMonitor"/> fares. Immutable.</summary>
/// <param name="Name">The collector's name.</param>
/// <param name="Interval">How often it runs.</param>
/// <param name="Runs">How many runs ended well.</param>
/// <param name="Failures">How many runs failed, their retries included.</param>
/// <param name="Timeouts">How many runs were given up because a call took too long.</param>
/// <param name="Skipped">How many runs were left out because the one before still ran.</param>
/// <param name="LastRun">When the last run ended, well or not; null before.</param>
/// <param name="LastDuration">How long it took.</param>
/// <param name="LastProblem">What was wrong in it; null when it ended well.</param>
public sealed record MonitorStatus(
    string Name,
    TimeSpan Interval,
    long Runs,
    long Failures,
    long Timeouts,
    long Skipped,
    DateTimeOffset? LastRun,
    TimeSpan LastDuration,
    string? LastProblem);
