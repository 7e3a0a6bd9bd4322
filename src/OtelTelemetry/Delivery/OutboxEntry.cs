namespace OtelTelemetry.Delivery;

/// <summary>What is known of a request in the outbox without reading its body. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="Route">Which of the destination's addresses it is for.</param>
/// <param name="Items">How many spans, points or log records it carries.</param>
/// <param name="Bytes">How long its body is.</param>
/// <param name="Created">When it was accepted.</param>
public sealed record OutboxEntry(long Id, string Destination, string Route, long Items, long Bytes, DateTimeOffset Created);
