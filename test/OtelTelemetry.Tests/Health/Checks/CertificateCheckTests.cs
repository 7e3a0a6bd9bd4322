using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health.Checks.Certificate;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Health.Checks;

public class CertificateCheckTests
{
    private static readonly FakeClock s_clock = new();

    [TestCase(31, HealthStatus.Healthy, "expires in 31.0 days")]
    [TestCase(29, HealthStatus.Degraded, "expires in 29.0 days")]
    [TestCase(6, HealthStatus.Unhealthy, "expires in 6.0 days")]
    [TestCase(-1, HealthStatus.Unhealthy, "has expired at")]
    public async Task The_time_until_it_expires_decides(int days, HealthStatus status, string says)
    {
        using var certificate = Create(-100, days);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("shop.pem"), certificate.ExportCertificatePem());
        var result = await new CertificateHealthCheckOptions { Path = folder.File("shop.pem") }.RunOnce(s_clock);
        Assert.That(result.Status, Is.EqualTo(status));
        Assert.That(result.Description, Does.Contain(says).And.Contain("(CN=shop.example)"));
    }

    [Test]
    public async Task One_that_is_not_valid_yet_is_a_failure()
    {
        using var certificate = Create(1, 100);
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("shop.pem"), certificate.ExportCertificatePem());
        var result = await new CertificateHealthCheckOptions { Path = folder.File("shop.pem") }.RunOnce(s_clock);
        Assert.That(result.Description, Does.Contain("is not valid before"));
    }

    [TestCase(100, HealthStatus.Healthy)]
    [TestCase(-1, HealthStatus.Unhealthy, Description = "An expired one is seen, although nobody would trust it.")]
    public async Task That_of_a_server_is_looked_at(int days, HealthStatus status)
    {
        using var certificate = Create(-100, days);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = "";
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateSelectionCallback = (_, name) =>
                {
                    asked = name;
                    return certificate;
                },
            });
        });

        var options = new CertificateHealthCheckOptions { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port, ServerName = "shop.example" };
        var result = await options.RunOnce(s_clock);

        Assert.That(result.Status, Is.EqualTo(status), result.Description);
        Assert.That(asked, Is.EqualTo("shop.example"));
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Test]
    public async Task Without_a_server_it_fails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var result = await new CertificateHealthCheckOptions { Host = "127.0.0.1", Port = port }.RunOnce(s_clock);
        Assert.That((result.Status, result.Description), Is.EqualTo((HealthStatus.Unhealthy, $"the certificate of 127.0.0.1:{port} cannot be read: Connection refused")));
    }

    private static X509Certificate2 Create(int from, int to)
    {
        using var key = RSA.Create(2048);
        var now = s_clock.GetUtcNow();
        return new CertificateRequest("CN=shop.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(from), now.AddDays(to));
    }
}
