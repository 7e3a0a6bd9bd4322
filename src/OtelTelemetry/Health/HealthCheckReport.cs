using OtelTelemetry.Instruments;

namespace OtelTelemetry.Health;

/// <summary>How one health check stands at one moment. Immutable.</summary>
public sealed record HealthCheckReport
{
    internal HealthCheckReport(string name, IReadOnlyList<string> tags, DateTimeOffset since)
    {
        Name = name;
        Tags = tags;
        Since = since;
    }

    /// <summary>The check's name.</summary>
    public string Name { get; }

    /// <summary>The groups it belongs to.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The state, by the thresholds: not what the last run alone found.</summary>
    public HealthState State { get; internal init; }

    /// <summary>Since when it is in this state.</summary>
    public DateTimeOffset Since { get; internal init; }

    /// <summary>The last run; null before the first has ended.</summary>
    public HealthCheckRun? LastRun { get; internal init; }

    /// <summary>The last run that was not healthy; null when there was none.</summary>
    public HealthCheckRun? LastError { get; internal init; }

    /// <summary>How many of the last runs in a row were unhealthy.</summary>
    public int ConsecutiveFailures { get; internal init; }

    /// <summary>How many runs have ended.</summary>
    public long Runs { get; internal init; }

    /// <summary>The last runs, oldest first; at most <see cref="TelemetryHealthOptions.HistorySize"/>.</summary>
    public IReadOnlyList<HealthCheckRun> History { get; internal init; } = [];
}
