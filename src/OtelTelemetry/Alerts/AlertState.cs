namespace OtelTelemetry.Alerts;

/// <summary>Where an alert is in its life.</summary>
public enum AlertState
{
    /// <summary>Its condition holds, but not long enough yet.</summary>
    Pending,

    /// <summary>Its condition has held long enough.</summary>
    Firing,

    /// <summary>Its condition holds no more.</summary>
    Resolved,
}
