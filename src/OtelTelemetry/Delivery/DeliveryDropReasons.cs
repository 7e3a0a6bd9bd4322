namespace OtelTelemetry.Delivery;

/// <summary>Why something was not delivered, as <c>telemetry_dropped_total{reason}</c> says it.</summary>
internal static class DeliveryDropReasons
{
    /// <summary>The batch queue in front of the exporter was full.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>Older than allowed.</summary>
    public const string Expired = "expired";

    /// <summary>Made room for newer ones.</summary>
    public const string OutboxFull = "outbox_full";

    /// <summary>The outbox could not store it, and memory had no room.</summary>
    public const string OutboxFailed = "outbox_failed";

    /// <summary>It was stored, and is gone: the file was damaged.</summary>
    public const string OutboxLost = "outbox_lost";

    /// <summary>The backend refused it, or a part of it.</summary>
    public const string Rejected = "rejected";

    /// <summary>Larger than the backend takes, or than the outbox may be.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Tried as often as allowed.</summary>
    public const string Attempts = "attempts";

    /// <summary>The application ended, and there is no durable outbox.</summary>
    public const string Shutdown = "shutdown";
}
