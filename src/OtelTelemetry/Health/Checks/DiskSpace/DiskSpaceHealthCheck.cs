using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Checks.DiskSpace;

/// <summary>Compares the space of a volume with limits. Thread-safe.</summary>
internal sealed class DiskSpaceHealthCheck(DiskSpaceHealthCheckOptions options, Func<string, DiskUse> read) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var use = read(options.Path);
        var says = FormattableString.Invariant($"{options.Path} is {use.UsedPercent:0.0} % full, {use.Available / 1048576.0:0} MiB are free");
        var failed = use.UsedPercent > options.MaxUsedPercent || use.Available < options.MinFreeBytes;
        var status = failed ? context.Registration.FailureStatus : use.UsedPercent > options.DegradedUsedPercent ? HealthStatus.Degraded : HealthStatus.Healthy;
        return Task.FromResult(new HealthCheckResult(status, says));
    }
}
