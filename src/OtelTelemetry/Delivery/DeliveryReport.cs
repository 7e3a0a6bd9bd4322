namespace OtelTelemetry.Delivery;

/// <summary>What became of everything that leaves over HTTP, by destination. Immutable.</summary>
/// <param name="Time">When it was made.</param>
/// <param name="Destinations">The destinations, by name.</param>
public sealed record DeliveryReport(DateTimeOffset Time, IReadOnlyList<DestinationReport> Destinations)
{
    /// <summary>A line for each destination.</summary>
    public override string ToString() => string.Join('\n', Destinations);
}
