namespace OtelTelemetry.Events;

/// <summary>The order in which events are read.</summary>
public enum EventOrder
{
    /// <summary>The latest event first.</summary>
    NewestFirst,

    /// <summary>The earliest event first.</summary>
    OldestFirst,
}
