namespace OtelTelemetry.Events;

/// <summary>The settings of events (section <c>Telemetry:Events</c>).</summary>
public sealed class TelemetryEventsOptions
{
    /// <summary>The most events that can be read back; further ones push the oldest out. At least 1. Default: 1000.</summary>
    public int MaxEvents { get; set; } = 1000;

    /// <summary>How long an event can be read back. More than zero. Default: 1 hour.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether events are also written as log records, in the category <c>OtelTelemetry.Events</c>. Default: true.</summary>
    public bool LogRecords { get; set; } = true;
}
