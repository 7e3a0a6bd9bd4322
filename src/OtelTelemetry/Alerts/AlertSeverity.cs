namespace OtelTelemetry.Alerts;

/// <summary>How bad it is.</summary>
public enum AlertSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Somebody should look at it soon.</summary>
    Warning,

    /// <summary>Somebody should look at it now.</summary>
    Critical,
}
