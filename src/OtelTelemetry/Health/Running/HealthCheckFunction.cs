using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Running;

/// <summary>Runs a check once.</summary>
internal delegate Task<HealthCheckResult> HealthCheckFunction(CancellationToken cancellationToken);
