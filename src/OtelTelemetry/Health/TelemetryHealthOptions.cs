namespace OtelTelemetry.Health;

/// <summary>
/// The settings of health checks (section <c>Telemetry:Health</c>). What a check does not set for itself is taken from here, for checks
/// registered with <c>AddHealthChecks()</c> too. Health goes on where telemetry is disabled: probes of an orchestrator must find it.
/// </summary>
public sealed class TelemetryHealthOptions
{
    /// <summary>Whether checks run and the endpoints are there. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often a check runs, from start to start. More than zero, at most 24 days. Default: 30 seconds.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The part of the interval by which each pause is longer or shorter at random, so that many instances do not ask one server at
    /// the same moment. From 0 to 0.5. Default: 0.1.</summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>The most time a run of a check may take before it counts as failed. More than zero, at most 24 days. Default: 5 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many results in a row must be worse before the state gets worse. From 1 to 1000. Default: 3.</summary>
    public int UnhealthyThreshold { get; set; } = 3;

    /// <summary>How many results in a row must be better before the state gets better. From 1 to 1000; the first success after the start
    /// always counts at once. Default: 2.</summary>
    public int HealthyThreshold { get; set; } = 2;

    /// <summary>How long after the start failures of a check that has not succeeded yet are not counted. Not less than zero. Default: zero.</summary>
    public TimeSpan StartupGrace { get; set; }

    /// <summary>How many runs of each check can be read back. From 0 to 1000. Default: 20.</summary>
    public int HistorySize { get; set; } = 20;

    /// <summary>Where liveness is asked: the checks of group <c>live</c>, and below it every group by its name. Default: <c>/health</c>.</summary>
    public string LivenessPath { get; set; } = "/health";

    /// <summary>Where readiness is asked: the checks of group <c>ready</c>. Default: <c>/ready</c>.</summary>
    public string ReadinessPath { get; set; } = "/ready";

    /// <summary>The HTTP status for a degraded state. From 200 to 599. Default: 200.</summary>
    public int DegradedStatusCode { get; set; } = 200;

    /// <summary>The HTTP status for an unhealthy state. From 200 to 599. Default: 503.</summary>
    public int UnhealthyStatusCode { get; set; } = 503;

    /// <summary>Who sees more than the state: checks, errors, history. Default: <see cref="HealthDetails.Loopback"/>.</summary>
    public HealthDetails Details { get; set; } = HealthDetails.Loopback;

    /// <summary>The name of an authorization policy of the application: whom it lets pass sees the details too. Default: none.</summary>
    public string? DetailsPolicy { get; set; }

    /// <summary>The checks by name, and what is set for checks that are registered with <c>AddHealthChecks()</c>, by theirs. Default: none.</summary>
    public IDictionary<string, TelemetryHealthCheckOptions> Checks { get; } = new Dictionary<string, TelemetryHealthCheckOptions>(StringComparer.OrdinalIgnoreCase);
}
