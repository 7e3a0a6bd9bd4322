using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Delivery;
using OtelTelemetry.Tests.Otlp;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>The official OTLP exporter behind the delivery.</summary>
public class OtlpDeliveryTests
{
    [Test]
    public async Task Every_span_point_and_log_record_is_counted_on_its_way()
    {
        using var receiver = new LoopbackReceiver();
        using var host = Host(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"), ("OTEL_SERVICE_NAME", "counted"));
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        Spans("counted.work", 700);
        for (var i = 0; i < 30; i++) host.Services.GetRequiredService<ILogger<OtlpDeliveryTests>>().LogInformation("one");
        telemetry.Metrics.CreateCounter("counted_total").Inc();

        Assert.That(await telemetry.FlushAsync(), Is.True);

        var report = telemetry.Delivery.GetReport().Destinations.ToDictionary(destination => destination.Name);
        Assert.That((report["otlp_traces"].Accepted, report["otlp_traces"].Delivered), Is.EqualTo((700L, 700L)));
        Assert.That(report["otlp_logs"].Delivered, Is.GreaterThanOrEqualTo(30));
        Assert.That(report["otlp_metrics"].Delivered, Is.Positive);
        Assert.That(report["otlp_traces"].Attempts, Is.GreaterThanOrEqualTo(2), "A batch has 512.");
        Assert.That(receiver.Deliveries.Select(delivery => delivery.Headers.GetValueOrDefault("Content-Encoding")), Has.All.EqualTo("gzip"));
        await host.StopAsync();
    }

    [Test]
    public async Task What_finds_the_queue_full_is_counted([Values] bool enabled)
    {
        using var receiver = new LoopbackReceiver();
        var name = "full" + enabled;
        using var host = Host(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", name),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "16"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16"), ("OTEL_BSP_SCHEDULE_DELAY", "1000000"),
            ("OTEL_BLRP_MAX_QUEUE_SIZE", "16"), ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "16"), ("OTEL_BLRP_SCHEDULE_DELAY", "1000000"),
            ("Telemetry:Delivery:Enabled", enabled.ToString()));
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        var logger = host.Services.GetRequiredService<ILogger<OtlpDeliveryTests>>();
        var (spansBefore, logsBefore) = (Lost("traces"), Lost("logs"));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Spans(name + ".work", 5000))));
        for (var i = 0; i < 20_000; i++) logger.LogInformation("one");
        await telemetry.FlushAsync();

        Assert.That(Lost("traces") - spansBefore, Is.Positive);
        Assert.That(Lost("logs") - logsBefore, Is.Positive);
        if (enabled)
        {
            var report = telemetry.Delivery.GetReport().Destinations.ToDictionary(destination => destination.Name);
            Assert.That(report["otlp_traces"].Accepted, Is.EqualTo(20_000), "From the application's call on.");
            Assert.That(report["otlp_traces"].Dropped["queue_full"], Is.EqualTo(Lost("traces") - spansBefore));
            DeliveryTests.Balance(report["otlp_traces"], delivered: 20_000 - (long)(Lost("traces") - spansBefore), ("queue_full", (long)(Lost("traces") - spansBefore)));
            Assert.That(report["otlp_logs"].Accepted, Is.GreaterThanOrEqualTo(20_000));
        }

        await host.StopAsync();

        static double Lost(string signal) => OtelTelemetry.Diagnostics.TelemetryLosses.Counted(signal, "otlp_" + signal, "queue_full");
    }

    [Test]
    public async Task A_partial_success_is_counted()
    {
        // partial_success { rejected_spans: 3, error_message: "old" }
        const string partial = "\n\u0007\b\u0003\u0012\u0003old";
        using var server = new ScriptedServer((_, _) => ScriptedServer.Status(200, "Content-Type: application/x-protobuf\r\n", partial));
        using var host = Host(
            ("Telemetry:Otlp:Traces:Enabled", "true"), ("Telemetry:Otlp:Traces:Endpoint", server.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("OTEL_SERVICE_NAME", "partial"));
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        Spans("partial.work", 10);

        Assert.That(await telemetry.FlushAsync(), Is.True);

        var report = telemetry.Delivery.GetReport().Destinations.Single(destination => destination.Name == "otlp_traces");
        DeliveryTests.Balance(report, delivered: 7, ("rejected", 3));
        Assert.That(report.LastError, Does.Contain("old"));
        await host.StopAsync();
    }

    [Test]
    public async Task A_program_s_next_run_sends_what_the_last_one_could_not()
    {
        var folder = Directory.CreateTempSubdirectory("outbox-test-").FullName;
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        server.Stop();
        await Run(async telemetry =>
        {
            Spans("outlived.work", 5);
            Assert.That(await telemetry.FlushAsync(), Is.False);
        });
        Assert.That(server.Requests, Is.Empty);

        server.Restart();
        await Run(telemetry => Within.Time(() => telemetry.Delivery.GetReport().Destinations.Single().Delivered == 5, "what the last run left is delivered"));
        Directory.Delete(folder, recursive: true);

        async Task Run(Func<TelemetryManager, Task> run)
        {
            using var host = Host(
                telemetry => telemetry.AddSqliteOutbox(),
                ("Telemetry:Otlp:Traces:Endpoint", server.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("OTEL_SERVICE_NAME", "outlived"),
                ("Telemetry:Delivery:Outbox:Path", Path.Combine(folder, "outbox.db")));
            await host.StartAsync();
            await run(host.Services.GetRequiredService<TelemetryManager>());
            await host.StopAsync();
        }
    }

    [Test]
    public void A_path_without_the_package_is_an_error()
    {
        var error = Assert.ThrowsAsync<TelemetryConfigurationException>(async () =>
        {
            using var host = Host(("Telemetry:Delivery:Outbox:Path", "/tmp/outbox.db"));
            await host.StartAsync();
        });
        Assert.That(error!.Message, Does.Contain("Telemetry:Delivery:Outbox:Path").And.Contain("AddSqliteOutbox"));
    }

    [Test]
    public void The_package_without_a_path_is_an_error()
    {
        var error = Assert.ThrowsAsync<TelemetryConfigurationException>(async () =>
        {
            using var host = Host(telemetry => telemetry.AddSqliteOutbox());
            await host.StartAsync();
        });
        Assert.That(error!.Message, Does.Contain("Telemetry:Delivery:Outbox:Path"));
    }

    [Test]
    public void Wrong_settings_are_all_told()
    {
        var error = Assert.ThrowsAsync<TelemetryConfigurationException>(async () =>
        {
            using var host = Host(
                ("Telemetry:Delivery:Mode", "sometimes"), ("Telemetry:Delivery:Order", "any"), ("Telemetry:Delivery:MaxBytes", "10 apples"), ("Telemetry:Delivery:MaxAttempts", "0"),
                ("Telemetry:Delivery:Backoff", "1m"), ("Telemetry:Delivery:BreakDuration", "1ms"), ("Telemetry:Delivery:MaxAge", "0s"), ("Telemetry:Delivery:MaxRequests", "0"));
            await host.StartAsync();
        });
        Assert.That(error!.Errors, Has.Count.EqualTo(8), error.Message);
    }

    [TestCase("1048576", 1_048_576)]
    [TestCase("512KiB", 524_288)]
    [TestCase("64 MiB", 67_108_864)]
    [TestCase("1GiB", 1_073_741_824)]
    public void A_size_is_read(string text, long bytes) =>
        Assert.That(OtelTelemetry.Configuration.Parse.OptionalSize(text).Value, Is.EqualTo(bytes));

    private static void Spans(string source, int count)
    {
        using var activities = new ActivitySource(source);
        for (var i = 0; i < count; i++) activities.StartActivity("span")?.Dispose();
    }

    private static IHost Host(params (string Key, string Value)[] settings) => Host(_ => { }, settings);

    private static IHost Host(Action<TelemetryBuilder> add, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        add(builder.AddPepperTelemetry());
        return builder.Build();
    }
}
