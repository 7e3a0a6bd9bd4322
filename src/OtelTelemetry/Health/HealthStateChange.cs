using OtelTelemetry.Instruments;

namespace OtelTelemetry.Health;

/// <summary>A health check went from one state to another. Immutable.</summary>
/// <param name="OldState">The state before.</param>
/// <param name="Check">How the check stands now.</param>
internal sealed record HealthStateChange(HealthState OldState, HealthCheckReport Check);
