namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Reads a part of the system and sets its metrics. Called by one thread at a time.</summary>
internal interface ISystemCollector
{
    /// <summary>Reads and sets. Throws where the system cannot be read.</summary>
    void Collect();
}
