namespace OtelTelemetry.Delivery;

/// <summary>The settings of the durable outbox (section <c>Telemetry:Delivery:Outbox</c>), which a package of its own provides.</summary>
public sealed class DeliveryOutboxOptions
{
    /// <summary>The outbox's file; several processes may share it. Its folder is made when it is missing. Default: null, which is none.</summary>
    public string? Path { get; set; }
}
