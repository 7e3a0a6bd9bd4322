namespace OtelTelemetry.Delivery;

/// <summary>What became of one attempt. Immutable.</summary>
/// <param name="Result">The result.</param>
/// <param name="Rejected">How many items the backend refused for ever, of those that need not be sent again.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Error">What went wrong; no secrets.</param>
/// <param name="RetryAfter">When the backend wants to be asked again.</param>
/// <param name="IsOutage">Whether the server as a whole seems to be away.</param>
/// <param name="WasSent">Whether there was an attempt at all.</param>
/// <param name="IsBodyFree">Whether the body was written whole, and nobody reads it any more.</param>
/// <param name="Rest">Of a request that failed in the middle, what is still to be sent; null when that is all of it.</param>
/// <param name="Refusal">Why items were refused for ever, and what to do; null where <paramref name="Error"/> says it.</param>
internal readonly record struct DeliveryOutcome(
    DeliveryResult Result,
    long Rejected = 0,
    string? Reason = null,
    string? Error = null,
    TimeSpan? RetryAfter = null,
    bool IsOutage = false,
    bool WasSent = true,
    bool IsBodyFree = false,
    OutboxItem? Rest = null,
    (string Problem, string Remedy)? Refusal = null)
{
    public static DeliveryOutcome Delivered(long rejected = 0, string? error = null) => new(DeliveryResult.Delivered, rejected, Error: error);

    public static DeliveryOutcome Refused(string reason, string error) => new(DeliveryResult.Refused, Reason: reason, Error: error);

    public static DeliveryOutcome Failed(string error, TimeSpan? retryAfter = null, bool isOutage = false, bool wasSent = true) =>
        new(DeliveryResult.Failed, Error: error, RetryAfter: retryAfter, IsOutage: isOutage, WasSent: wasSent);
}

/// <summary>How an attempt ended.</summary>
internal enum DeliveryResult
{
    /// <summary>There was nothing to do.</summary>
    Idle,

    /// <summary>The backend took it.</summary>
    Delivered,

    /// <summary>The backend will never take it.</summary>
    Refused,

    /// <summary>It is worth another try.</summary>
    Failed,
}
