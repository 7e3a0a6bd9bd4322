using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A real SMTP server that takes mail over STARTTLS from one user only.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    public const string User = "shop";
    public const string Password = "right-password";

    private readonly ServerProcess _process;

    private SmtpServer(ServerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<SmtpServer> Start()
    {
        var port = FreePort.Next();
        var folder = ServerProcess.CreateDataFolder();
        var (key, certificate) = (Path.Combine(folder, "key.pem"), Path.Combine(folder, "certificate.pem"));
        using (var rsa = RSA.Create(2048))
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(names.Build());
            using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
            await File.WriteAllTextAsync(key, rsa.ExportPkcs8PrivateKeyPem());
            await File.WriteAllTextAsync(certificate, made.ExportCertificatePem());
        }

        var program = Repository.PathTo("test", "OtelTelemetry.Integration.Tests", "SmtpServer", "server.js");
        var server = new SmtpServer(ServerProcess.Start("node", [program, $"{port}", key, certificate, User, Password], folder), port);
        await server._process.WaitUntilReady(() => Task.FromResult(server.Events("up").Any()));
        return server;
    }

    /// <summary>What happened, of one kind: auth or mail.</summary>
    public IEnumerable<JsonElement> Events(string kind)
    {
        foreach (var line in _process.Output.ToString().Split('\n'))
        {
            if (!line.StartsWith('{')) continue;
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("event").GetString() == kind) yield return document.RootElement.Clone();
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
