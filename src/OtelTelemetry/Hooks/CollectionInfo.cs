namespace OtelTelemetry.Hooks;

/// <summary>One collection of metrics, by whatever exporter. Immutable.</summary>
/// <param name="Families">How many metric families it found.</param>
/// <param name="Duration">How long finding them took, the callbacks of other libraries' instruments included. Writing them out comes after it.</param>
/// <param name="FailedSources">How many sources failed; their families are missing.</param>
public readonly record struct CollectionInfo(int Families, TimeSpan Duration, int FailedSources);
