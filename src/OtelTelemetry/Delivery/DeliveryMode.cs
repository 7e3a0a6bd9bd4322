namespace OtelTelemetry.Delivery;

/// <summary>When a request is written to the outbox.</summary>
public enum DeliveryMode
{
    /// <summary>When the backend does not take it, or cannot keep up. What is only in memory is lost with the process.</summary>
    OnFailure,

    /// <summary>Before the first attempt: with a durable outbox, what was accepted outlives the process.</summary>
    Outbox,
}
