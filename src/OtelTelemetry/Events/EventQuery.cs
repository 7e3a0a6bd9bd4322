namespace OtelTelemetry.Events;

/// <summary>Which events to read, and how many. What is not set lets every event through.</summary>
public sealed record EventQuery
{
    /// <summary>The largest <see cref="Limit"/>.</summary>
    public const int LargestLimit = 10_000;

    /// <summary>The events' name, in full.</summary>
    public string? Name { get; init; }

    /// <summary>The earliest time, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The latest time, exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The trace the events were recorded in: 32 hexadecimal digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>The order. Default: <see cref="EventOrder.NewestFirst"/>.</summary>
    public EventOrder Order { get; init; }

    /// <summary>The most events that are returned: a page. From 1 to 10,000. Default: 100.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The <see cref="TelemetryEvent.Id"/> of the last event of the page before; null for the first page.</summary>
    public long? After { get; init; }

    internal bool Fits(TelemetryEvent one) =>
        (Name is null || one.Name == Name)
        && (From is null || one.Timestamp >= From)
        && (To is null || one.Timestamp < To)
        && (TraceId is null || string.Equals(one.TraceId.ToHexString(), TraceId, StringComparison.OrdinalIgnoreCase))
        && (After is not { } after || (Order == EventOrder.NewestFirst ? one.Id < after : one.Id > after));
}
