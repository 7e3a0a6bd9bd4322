namespace OtelTelemetry.Monitoring;

/// <summary>What a network interface has received or sent since it is there. Immutable.</summary>
/// <param name="Interface">Its name.</param>
/// <param name="Direction"><c>receive</c> or <c>transmit</c>.</param>
/// <param name="Bytes">How many bytes.</param>
public readonly record struct NetworkReading(string Interface, string Direction, double Bytes);
