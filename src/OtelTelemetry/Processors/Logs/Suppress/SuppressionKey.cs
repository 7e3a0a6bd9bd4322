namespace OtelTelemetry.Processors.Logs.Suppress;

/// <summary>Tells records that are the same from others. Immutable.</summary>
/// <param name="Category">Their category; null where it does not matter.</param>
/// <param name="EventId">Their event id, 0 for none.</param>
/// <param name="Text">Their template; null where the event id says enough.</param>
internal readonly record struct SuppressionKey(string? Category, int EventId, string? Text);
