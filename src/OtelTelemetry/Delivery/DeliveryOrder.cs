namespace OtelTelemetry.Delivery;

/// <summary>What is delivered first while older requests wait in the outbox.</summary>
public enum DeliveryOrder
{
    /// <summary>The oldest, always. For backends that refuse what is older than what they have, as many stores of metrics do.</summary>
    InOrder,

    /// <summary>New requests and old ones by turns: what is new does not wait for the whole backlog. The old ones keep their order.</summary>
    LiveFirst,
}
