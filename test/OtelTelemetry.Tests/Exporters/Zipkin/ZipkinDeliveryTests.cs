using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Delivery;
using OtelTelemetry.Tests.Delivery;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Zipkin;

/// <summary>Spans for Zipkin are delivered as those by OTLP are.</summary>
public class ZipkinDeliveryTests
{
    [Test]
    public async Task A_server_that_was_away_gets_every_span()
    {
        using var zipkin = new ScriptedServer((_, _) => ScriptedServer.Status(202));
        zipkin.Stop();
        using var host = Host("zipkinaway", zipkin, ("Telemetry:Zipkin:Headers:api-key", "sesame"), ("Telemetry:Zipkin:Batch:BatchSize", "10"));
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        Spans("zipkinaway.work", 25);

        Assert.That(await telemetry.FlushAsync(), Is.False);
        var away = Report(telemetry);
        Assert.That((away.Signal, away.Accepted, away.PendingItems, away.IsDown), Is.EqualTo(("traces", 25L, 25L, true)), away.ToString());

        zipkin.Restart();
        await Within.Time(() => Report(telemetry).PendingItems == 0, "all spans arrive");

        DeliveryTests.Balance(Report(telemetry), delivered: 25);
        Assert.That(string.Concat(zipkin.Bodies).Split("\"traceId\"").Length - 1, Is.EqualTo(25));
        Assert.That(zipkin.Requests, Has.Count.EqualTo(3), "ten, ten and five");
        Assert.That(zipkin.Requests.Select(request => request.Headers["api-key"]), Has.All.EqualTo("sesame"));
        await host.StopAsync();
    }

    [Test]
    public async Task What_finds_the_queue_full_or_is_too_large_is_in_the_account()
    {
        using var zipkin = new ScriptedServer((_, _) => ScriptedServer.Status(202));
        using var host = Host(
            "zipkinfull", zipkin, ("Telemetry:Zipkin:Batch:QueueSize", "16"), ("Telemetry:Zipkin:Batch:BatchSize", "16"), ("Telemetry:Zipkin:Batch:Delay", "1000s"), ("Telemetry:Zipkin:MaxRequestBytes", "2048"));
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Spans("zipkinfull.work", 5000))));
        await telemetry.FlushAsync();
        using (var activities = new ActivitySource("zipkinfull.work")) activities.StartActivity("span")!.SetTag("large", new string('x', 3000)).Dispose();
        Assert.That(await telemetry.FlushAsync(), Is.True);

        var report = Report(telemetry);
        Assert.That(report.Accepted, Is.EqualTo(20_001), report.ToString());
        Assert.That(report.Dropped["queue_full"], Is.Positive);
        DeliveryTests.Balance(report, delivered: 20_000 - report.Dropped["queue_full"], ("queue_full", report.Dropped["queue_full"]), ("too_large", 1));
        await host.StopAsync();
    }

    private static DestinationReport Report(TelemetryManager telemetry) => telemetry.Delivery.GetReport().Destinations.Single(destination => destination.Name == "zipkin");

    private static void Spans(string source, int count)
    {
        using var activities = new ActivitySource(source);
        for (var i = 0; i < count; i++) activities.StartActivity("span")?.Dispose();
    }

    private static IHost Host(string service, ScriptedServer zipkin, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.Concat(
            [("OTEL_SERVICE_NAME", service), ("Telemetry:Zipkin:Endpoint", zipkin.Address.ToString()), ("Telemetry:Zipkin:Delivery:Backoff", "20ms"), ("Telemetry:Zipkin:Delivery:MaxBackoff", "200ms"), ("Telemetry:Delivery:BreakDuration", "500ms")])
            .Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)));
        builder.AddPepperTelemetry();
        return builder.Build();
    }
}
