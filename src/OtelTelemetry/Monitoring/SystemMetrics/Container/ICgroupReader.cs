namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Reads a control group of one version. Used by one thread at a time.</summary>
internal interface ICgroupReader
{
    ContainerReading Read();
}
