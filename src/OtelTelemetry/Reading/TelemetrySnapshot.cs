namespace OtelTelemetry.Reading;

/// <summary>The application's metrics at one moment, and how its telemetry is doing. Immutable.</summary>
/// <param name="Timestamp">When it was taken.</param>
/// <param name="Metrics">The metric families, by name.</param>
/// <param name="EventsCount">How many events are kept.</param>
/// <param name="IsRunning">Whether telemetry was running.</param>
public sealed record TelemetrySnapshot(DateTimeOffset Timestamp, IReadOnlyList<MetricFamily> Metrics, int EventsCount, bool IsRunning)
{
    /// <summary>The family of a name; null when there is none. Where two meters have instruments of one name, it is the first.</summary>
    /// <param name="name">The instrument's name as it was registered.</param>
    public MetricFamily? Find(string name) => Metrics.FirstOrDefault(family => family.Descriptor.Name == name);
}
