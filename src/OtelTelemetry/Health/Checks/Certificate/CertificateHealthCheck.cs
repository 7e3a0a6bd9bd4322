using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OtelTelemetry.Health.Checks.Certificate;

/// <summary>Looks at the times of a certificate. Thread-safe.</summary>
internal sealed class CertificateHealthCheck(CertificateHealthCheckOptions options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var certificate = options.Path is { } path
                ? X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false))
                : await FetchAsync(options.Host!, cancellationToken).ConfigureAwait(false);
            return Judge(certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(), certificate.Subject, context.Registration.FailureStatus);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or CryptographicException or UnauthorizedAccessException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"the certificate of {Place()} cannot be read: {exception.Message}", exception);
        }
    }

    private HealthCheckResult Judge(DateTime from, DateTime to, string subject, HealthStatus failure)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var remaining = to - now;
        var name = $"the certificate of {Place()} ({subject})";
        if (now < from) return new HealthCheckResult(failure, FormattableString.Invariant($"{name} is not valid before {from:u}"));
        if (remaining <= TimeSpan.Zero) return new HealthCheckResult(failure, FormattableString.Invariant($"{name} has expired at {to:u}"));
        var says = FormattableString.Invariant($"{name} expires in {remaining.TotalDays:0.0} days, at {to:u}");
        return remaining < options.MinRemaining ? new HealthCheckResult(failure, says)
            : remaining < options.DegradedRemaining ? HealthCheckResult.Degraded(says)
            : HealthCheckResult.Healthy(says);
    }

    private string Place() => options.Path ?? FormattableString.Invariant($"{options.Host}:{options.Port}");

    private async Task<X509Certificate2> FetchAsync(string host, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, options.Port, cancellationToken).ConfigureAwait(false);
        X509Certificate2? shown = null;
        var stream = new SslStream(client.GetStream());
        await using (stream.ConfigureAwait(false))
        {
            // Nothing is sent: an expired certificate must be seen, not refused.
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = options.ServerName ?? host,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    {
                        shown = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
                        return shown is not null;
                    },
                },
                cancellationToken).ConfigureAwait(false);
        }

        return shown ?? throw new AuthenticationException("the server showed none");
    }
}
