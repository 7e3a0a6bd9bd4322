using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Checks.Memory;

/// <summary>Compares the memory of the process with limits. Thread-safe.</summary>
internal sealed class MemoryHealthCheck(MemoryHealthCheckOptions options, Func<MemoryUse> read) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var use = read();
        var says = FormattableString.Invariant($"the process uses {use.WorkingSet / 1048576.0:0} MiB, {use.UsedPercent:0.0} % of what it may have");
        var failed = use.UsedPercent > options.MaxUsedPercent || use.WorkingSet > options.MaxBytes;
        var status = failed ? context.Registration.FailureStatus : use.UsedPercent > options.DegradedUsedPercent ? HealthStatus.Degraded : HealthStatus.Healthy;
        return Task.FromResult(new HealthCheckResult(status, says));
    }
}
