using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging.Sinks.Console;
using OtelTelemetry.Logging.Sinks.Elasticsearch;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Tests.Logging.Elasticsearch;
using OtelTelemetry.Tests.Support;
using Samples;

namespace OtelTelemetry.Tests.Samples;

public class LoggingSampleTests
{
    [Test]
    public async Task ClusterDB_logging()
    {
        using var folder = new TemporaryFolder();
        using var server = new BulkServer();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        using var yaml = new MemoryStream(Encoding.UTF8.GetBytes(ClusterDbSamples.LoggingSettings(folder.Path, new Uri(server.Endpoint))));
        builder.Configuration.AddTelemetryYamlStream(yaml);
        builder.AddPepperTelemetry(options => options.Prometheus.Enabled = false).AddFileLogs();
        using (var host = builder.Build())
        {
            await host.StartAsync();
            await ClusterDbSamples.StructuredLogging(host.Services.GetRequiredService<TelemetryManager>(), () => throw new InvalidOperationException("no connection"));
            var nginx = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("nginx");
            foreach (var path in new[] { "/health", "/metrics", "/api/users" }) nginx.LogInformation("127.0.0.1 - - [14/Mar/2026:15:09:26 +0000] \"GET {Uri} HTTP/1.1\" 200 2", path);
            nginx.LogDebug("Not wanted");
            await host.StopAsync();
        }

        var lines = File.ReadAllLines(folder.File("app.log")).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("category").GetString() is "api" or "nginx").ToArray();
        Assert.That(lines.Select(line => line.GetProperty("message").GetString()), Is.EqualTo(new[]
        {
            "Processing request", "Request failed", "127.0.0.1 - - [14/Mar/2026:15:09:26 +0000] \"GET /api/users HTTP/1.1\" 200 2",
        }));
        Assert.That(lines[0].GetProperty("attributes").GetRawText(), Is.EqualTo("""{"method":"GET","path":"/api/users","user_id":4711,"duration_ms":12,"service.name":"api-service","service.version":"1.0.0"}"""));
        Assert.That(lines[1].GetProperty("exception").GetProperty("message").GetString(), Is.EqualTo("no connection"));
        Assert.That(lines[1].GetProperty("resource").GetProperty("deployment.environment.name").GetString(), Is.EqualTo("production"));
        Assert.That(server.Messages, Is.SupersetOf(lines.Select(line => line.GetProperty("message").GetString())));
        Assert.That(server.Documents.Keys.Select(key => key.Index), Is.All.Match(@"^logs-\d{4}\.\d\d\.\d\d$"));
    }

    [Test]
    public void ClusterDB_logging_in_code()
    {
        using var folder = new TemporaryFolder();
        var services = new ServiceCollection();
        ClusterDbSamples.ConfigureLogging(services.AddPepperTelemetry(), folder.Path);
        using var provider = services.BuildServiceProvider();

        var logs = provider.GetRequiredService<TelemetryOptions>().Logs;

        Assert.That(logs.Sinks.Values.Select(sink => sink.GetType()), Is.EqualTo(new[] { typeof(ConsoleLogOptions), typeof(FileLogOptions), typeof(ElasticsearchLogOptions) }));
        Assert.That(((FileLogOptions)logs.Sinks["File"]).MaxFiles, Is.EqualTo(5));
        Assert.That(logs.Processors, Has.Count.EqualTo(3));
    }
}
