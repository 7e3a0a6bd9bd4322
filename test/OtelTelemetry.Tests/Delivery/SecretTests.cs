using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>Every exporter that has keys, at backends that fail: the keys are nowhere but in the requests.</summary>
public class SecretTests
{
    private static readonly Dictionary<string, string> s_secrets = new()
    {
        ["Telemetry:Exporters:Datadog:ApiKey"] = "hush-datadog-api",
        ["Telemetry:Exporters:Datadog:AppKey"] = "hush-datadog-app",
        ["Telemetry:Exporters:CloudWatch:SecretAccessKey"] = "hush-aws-key",
        ["Telemetry:Exporters:CloudWatch:SessionToken"] = "hush-aws-token",
        ["Telemetry:Exporters:Basic:Password"] = "hush-remote-write-password",
        ["Telemetry:Exporters:Bearer:BearerToken"] = "hush-remote-write-token",
        ["Telemetry:Exporters:Pushgateway:Password"] = "hush-pushgateway-password",
        ["Telemetry:Otlp:Headers:api-key"] = "hush-otlp-header",
        ["Telemetry:Zipkin:Headers:api-key"] = "hush-zipkin-header",
        ["Telemetry:Logs:Sinks:Elasticsearch:Password"] = "hush-elastic-password",
        ["Telemetry:Logs:Sinks:ElasticKey:ApiKey"] = "hush-elastic-key",
        ["Telemetry:Logs:Sinks:ElasticToken:BearerToken"] = "hush-elastic-token",
        ["Telemetry:Logs:Sinks:ElasticToken:Headers:X-Key"] = "hush-elastic-header",
    };

    public enum Backend
    {
        Away,
        Unauthorized,
        Repeating,
        Broken,
    }

    [Test]
    public async Task No_key_is_in_a_log_an_error_a_report_a_metric_or_a_file([Values] Backend backend, [Values] bool delivered)
    {
        using var folder = new TemporaryFolder();
        using var server = new ScriptedServer((_, request) => backend switch
        {
            Backend.Unauthorized => ScriptedServer.Status(401, "", Repeat(request)),
            Backend.Repeating => ScriptedServer.Status(400, "", Repeat(request)),
            _ => ScriptedServer.Status(500, "", Repeat(request)),
        });
        if (backend == Backend.Away) server.Stop();
        var said = new List<string>();
        var logs = new RecordedLogs();
        Action<TelemetryError> listen = error =>
        {
            lock (said) said.Add(error.ToString());
        };
        TelemetryErrors.Reported += listen;
        try
        {
            using var host = Host(server, folder, logs, delivered);
            await host.StartAsync();
            var telemetry = host.Services.GetRequiredService<TelemetryManager>();
            telemetry.Metrics.CreateCounter("secret_keeping_total").Inc();

            // While nothing is dropped, there is no such metric to be looked at.
            TelemetryLosses.Count("traces", "secrets", "dropped");
            using (var source = new ActivitySource("secrets")) source.StartActivity("work")?.Dispose();
            host.Services.GetRequiredService<ILogger<SecretTests>>().LogInformation("one");
            await telemetry.FlushAsync();
            if (delivered) await Within.Time(() => telemetry.Delivery.GetReport().Destinations.Count(one => one.LastError is not null) == 12, "every destination has failed");
            await telemetry.FlushAsync();

            said.Add(telemetry.Delivery.GetReport().ToString());
            said.AddRange(telemetry.Delivery.GetReport().Destinations.Select(one => one.ToString()));
            using (var collection = telemetry.ReadModel.Collect())
            {
                foreach (var family in collection.Families.Select(MetricFamilyMaterializer.Materialize)) said.AddRange(family.Samples.Select(sample => $"{family.Descriptor} {sample}"));
            }

            said.AddRange(telemetry.Logs.GetLogs(new() { Limit = 1000 }).Select(one => one.ToString()));
            said.AddRange(Files(folder));
            await host.StopAsync();
        }
        finally
        {
            TelemetryErrors.Reported -= listen;
        }

        said.AddRange(Files(folder));
        said.AddRange(logs.Lines.Select(line => line.Text));
        var all = string.Join('\n', said);
        if (backend != Backend.Away)
        {
            var sent = string.Concat(server.Requests.SelectMany(request => request.Headers.Values));
            Assert.That(s_secrets.Values.Where(secret => !sent.Contains(secret, StringComparison.Ordinal) && !sent.Contains(Basic(secret), StringComparison.Ordinal)), Is.EqualTo(new[] { "hush-aws-key" }), "The keys were sent; that of AWS only signs.");
        }

        Assert.That(all, Does.Contain("telemetry_dropped_total").And.Contain("secret_keeping_total"), "Files and metrics are looked at.");
        Assert.That(s_secrets.Values.Where(secret => all.Contains(secret, StringComparison.Ordinal)), Is.Empty);
        Assert.That(s_secrets.Values.Where(secret => all.Contains(Basic(secret), StringComparison.Ordinal)), Is.Empty, "In the form of a header.");
        Assert.That(Around(all, "hush-"), Is.Empty, "Not even a part of one.");
    }

    /// <summary>Headers as they came, and what they say.</summary>
    private static string Repeat(ScriptedServer.Received request) => string.Join("; ", request.Headers.Select(header => $"{header.Key}={header.Value}").Append(
        request.Headers.TryGetValue("Authorization", out var value) && value.StartsWith("Basic ", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(value[6..])) : "no password"));

    private static string Basic(string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + password));

    private static string Around(string text, string what) =>
        text.IndexOf(what, StringComparison.Ordinal) is var found and >= 0 ? text.Substring(Math.Max(0, found - 200), Math.Min(400, text.Length - Math.Max(0, found - 200))) : "";

    /// <summary>Of the outbox, what is on the disk while it is open as well.</summary>
    private static IEnumerable<string> Files(TemporaryFolder folder)
    {
        foreach (var name in folder.Files)
        {
            // Others must not open it.
            if (name.EndsWith(".lock", StringComparison.Ordinal)) continue;
            using var file = new FileStream(folder.File(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.Latin1);
            yield return name + ": " + reader.ReadToEnd();
        }
    }

    private static IHost Host(ScriptedServer server, TemporaryFolder folder, RecordedLogs logs, bool delivered)
    {
        var address = $"http://127.0.0.1:{server.Port}";
        (string, string)[] settings =
        [
            ("OTEL_SERVICE_NAME", "secrets"),
            ("Telemetry:ShutdownTimeout", "2s"),
            ("Telemetry:Delivery:Enabled", delivered.ToString()),
            ("Telemetry:Delivery:Outbox:Path", folder.File("outbox.db")),
            ("Telemetry:Delivery:Mode", "Outbox"),
            ("Telemetry:Otlp:Endpoint", address + "/otlp"),
            ("Telemetry:Otlp:Protocol", "http/protobuf"),
            ("Telemetry:Zipkin:Endpoint", address + "/zipkin"),
            ("Telemetry:Logs:Sinks:Elasticsearch:Endpoint", address + "/elastic"),
            ("Telemetry:Logs:Sinks:Elasticsearch:Username", "user"),
            ("Telemetry:Logs:Sinks:ElasticKey:Type", "Elasticsearch"),
            ("Telemetry:Logs:Sinks:ElasticKey:Endpoint", address + "/key"),
            ("Telemetry:Logs:Sinks:ElasticToken:Type", "Elasticsearch"),
            ("Telemetry:Logs:Sinks:ElasticToken:Endpoint", address + "/token"),
            ("Telemetry:Logs:Store:Capacity", "1000"),
            ("Telemetry:Exporters:Datadog:Endpoint", address + "/datadog"),
            ("Telemetry:Exporters:CloudWatch:Endpoint", address + "/cloudwatch"),
            ("Telemetry:Exporters:CloudWatch:Region", "eu-central-1"),
            ("Telemetry:Exporters:CloudWatch:AccessKeyId", "AKID"),
            ("Telemetry:Exporters:Basic:Type", "RemoteWrite"),
            ("Telemetry:Exporters:Basic:Endpoint", address + "/basic"),
            ("Telemetry:Exporters:Basic:Username", "user"),
            ("Telemetry:Exporters:Bearer:Type", "RemoteWrite"),
            ("Telemetry:Exporters:Bearer:Endpoint", address + "/bearer"),
            ("Telemetry:Exporters:Pushgateway:Endpoint", address + "/push"),
            ("Telemetry:Exporters:Pushgateway:Username", "user"),
            ("Telemetry:Exporters:TextFile:Path", folder.File("metrics.prom")),
            ("Telemetry:Exporters:JsonFile:Path", folder.File("metrics.json")),
        ];
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)).Concat(s_secrets.Select(secret => KeyValuePair.Create(secret.Key, (string?)secret.Value))));
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.AddPepperTelemetry().AddCloudWatch().AddRemoteWrite().AddSqliteOutbox();
        return builder.Build();
    }
}
