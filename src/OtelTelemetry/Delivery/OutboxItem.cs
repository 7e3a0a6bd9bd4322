namespace OtelTelemetry.Delivery;

/// <summary>A request in the outbox. It has no headers and no address: those may be secret, and are taken from the settings in use when
/// it is delivered. Immutable.</summary>
public sealed record OutboxItem
{
    /// <summary>Where it goes: the destination's name.</summary>
    public required string Destination { get; init; }

    /// <summary>Which of the destination's addresses it is for, as a digest that does not tell the address.</summary>
    public required string Route { get; init; }

    /// <summary>The body's media type, or empty.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>The body's content encoding, or empty.</summary>
    public string ContentEncoding { get; init; } = "";

    /// <summary>How many spans, points or log records it carries; 1 where that is not known.</summary>
    public required long Items { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
