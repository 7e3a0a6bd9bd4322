using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Checks.Tcp;

/// <summary>Opens a connection and closes it. Thread-safe.</summary>
internal sealed class TcpHealthCheck(TcpHealthCheckOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(options.Host, options.Port, cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (SocketException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, FormattableString.Invariant($"no connection to {options.Host}:{options.Port}: {exception.Message}"), exception);
        }
    }
}
