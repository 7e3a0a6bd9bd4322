namespace OtelTelemetry.Health;

/// <summary>Who sees the details of health; everybody else sees the state alone.</summary>
public enum HealthDetails
{
    /// <summary>Callers on this machine, where no proxy has passed the request on.</summary>
    Loopback,

    /// <summary>Everybody.</summary>
    Always,

    /// <summary>Nobody but whom a policy or a rule of the application lets see them.</summary>
    Never,
}
