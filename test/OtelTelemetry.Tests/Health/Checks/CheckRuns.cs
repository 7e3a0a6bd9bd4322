using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health;

namespace OtelTelemetry.Tests.Health.Checks;

/// <summary>Runs a check once, as it is made of its settings.</summary>
internal static class CheckRuns
{
    public static async Task<HealthCheckResult> RunOnce(this TelemetryHealthCheckOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var services = new ServiceCollection();
        if (time is not null) services.AddSingleton(time);
        await using var provider = services.BuildServiceProvider();
        var check = options.Create(provider);
        using var owned = check as IDisposable;
        return await check.Run(cancellationToken);
    }

    public static Task<HealthCheckResult> Run(this IHealthCheck check, CancellationToken cancellationToken = default) =>
        check.CheckHealthAsync(new HealthCheckContext { Registration = new HealthCheckRegistration("test", check, HealthStatus.Unhealthy, []) }, cancellationToken);
}
