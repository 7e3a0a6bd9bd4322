namespace OtelTelemetry.Delivery.Splitting;

/// <summary>Makes two requests of one that is too large. Thread-safe.</summary>
internal interface IRequestSplitter
{
    /// <summary>Splits a request so that both parts together hold the same items in the same order.</summary>
    /// <param name="item">The request.</param>
    /// <returns>The parts; null when it holds a single item, or nothing that can be told apart.</returns>
    (OutboxItem First, OutboxItem Second)? Halve(OutboxItem item);
}
