namespace OtelTelemetry.Instruments;

/// <summary>How a program or a part of it is, with the number that <c>health_status</c> shows.</summary>
public enum HealthState
{
    /// <summary>Not known (yet).</summary>
    Unknown = 0,

    /// <summary>Everything works.</summary>
    Healthy = 1,

    /// <summary>It works, but worse than it should.</summary>
    Degraded = 2,

    /// <summary>It does not work.</summary>
    Unhealthy = 3,
}
