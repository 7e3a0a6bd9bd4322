using OtelTelemetry.Instruments;

namespace OtelTelemetry.Health;

/// <summary>One run of a health check. Immutable.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Result">What it found: healthy, degraded or unhealthy.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Description">What it said; null for nothing.</param>
public sealed record HealthCheckRun(DateTimeOffset At, HealthState Result, TimeSpan Duration, string? Description);
