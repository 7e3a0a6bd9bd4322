using System.Globalization;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Sqlite;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Delivery;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.CloudWatch;

/// <summary>AWS takes a signature for some minutes only; what waits for longer is signed anew.</summary>
public class CloudWatchDeliveryTests
{
    private const string Name = "cloud_watch_delivery";

    [Test]
    public async Task Each_attempt_is_signed_with_its_own_date()
    {
        var clock = new FakeClock();
        using var cloudWatch = new ScriptedServer((number, _) => number == 1 ? ScriptedServer.Status(503, "Retry-After: 1800\r\n") : ScriptedServer.Ok);
        await using var delivery = new DeliveryMonitor(null, null, clock);
        await using (var exporter = Create(cloudWatch, delivery, clock, "AKIDONE", "SECRETKEY", "TOKEN1"))
        {
            Assert.That((await exporter.ExportAsync(Families())).Succeeded, Is.True);
            await Within.Time(() => cloudWatch.Requests.Count == 1, "it is tried");
            await Within.Steps(clock, TimeSpan.FromMinutes(1), () => delivery.GetReport().Destinations.Single().Delivered == 2, "it is delivered");
        }

        // One that took longer than its time by the stepped clock comes once more.
        Assert.That(cloudWatch.Requests, Has.Count.GreaterThanOrEqualTo(2));
        Assert.That(cloudWatch.Requests[0].Body, Is.EqualTo(cloudWatch.Requests[1].Body));
        var dates = cloudWatch.Requests.Select(request => DateTimeOffset.ParseExact(request.Headers["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)).ToArray();
        Assert.That(dates[0], Is.EqualTo(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        Assert.That(dates[1] - dates[0], Is.GreaterThanOrEqualTo(TimeSpan.FromMinutes(30)));
        Assert.That(cloudWatch.Requests.Select(request => request.Headers["Authorization"]), Is.Unique.And.All.Contains("Credential=AKIDONE/20260102/eu-central-1/monitoring/aws4_request"));
        Assert.That(cloudWatch.Requests.Select(request => request.Headers["X-Amz-Security-Token"]), Has.All.EqualTo("TOKEN1"));
    }

    [Test]
    public async Task What_an_ended_process_left_is_signed_with_the_keys_in_use()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakeClock();
        using var cloudWatch = new ScriptedServer((_, _) => ScriptedServer.Ok);
        cloudWatch.Stop();
        await Run("AKIDOLD", "OLDSECRET", "OLDTOKEN", async delivery => Assert.That(await delivery.FlushAsync(), Is.False));
        Assert.That(cloudWatch.Requests, Is.Empty);

        clock.Advance(TimeSpan.FromHours(2));
        cloudWatch.Restart();
        await Run("AKIDNEW", "NEWSECRET", null, delivery => Within.Steps(clock, TimeSpan.FromSeconds(1), () => cloudWatch.Requests.Count >= 2, "both arrive"));

        Assert.That(cloudWatch.Requests.Select(request => request.Headers["Authorization"]), Has.All.Contains("Credential=AKIDNEW/"));
        Assert.That(cloudWatch.Requests.Select(request => request.Headers["X-Amz-Date"]), Has.All.StartsWith("20260102T05"));
        Assert.That(cloudWatch.Requests.Select(request => request.Headers.ContainsKey("X-Amz-Security-Token")), Has.All.False);

        async Task Run(string id, string key, string? token, Func<DeliveryMonitor, Task> run)
        {
            using var outbox = new SqliteOutbox(folder.File("outbox.db"), clock);
            await using var delivery = new DeliveryMonitor(null, outbox, clock);
            await using var exporter = Create(cloudWatch, delivery, clock, id, key, token);
            Assert.That((await exporter.ExportAsync(Families())).Succeeded, Is.True);
            await run(delivery);
            await delivery.ShutdownAsync(TimeSpan.FromSeconds(1));
        }
    }

    private static IEnumerable<MetricFamily> Families() => [SomeFamilies.Numbers("orders", MetricKind.Gauge, "", ("a", 1), ("b", 2))];

    private static MetricsExporter Create(ScriptedServer cloudWatch, DeliveryMonitor delivery, FakeClock clock, string id, string key, string? token) =>
        new CloudWatchExporterOptions { Region = "eu-central-1", AccessKeyId = id, SecretAccessKey = key, SessionToken = token, Endpoint = cloudWatch.Address }
            .Create(new ExporterContext("CloudWatch") { TimeProvider = clock, CreateHttpClient = () => delivery.CreateHttpClient(Name) });
}
