using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Delivery;
using OtelTelemetry.Tests.Configuration;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>What exporters set for their own delivery, and what an operator sees of it.</summary>
public class DestinationSettingsTests
{
    [Test]
    public void What_an_exporter_does_not_set_is_as_for_all()
    {
        var options = TelemetrySettingsTests.Bind(
            ("Telemetry:Delivery:MaxAge", "2h"), ("Telemetry:Delivery:MaxAttempts", "9"), ("Telemetry:Exporters:Datadog:ApiKey", "key"),
            ("Telemetry:Exporters:Datadog:Delivery:Mode", "Outbox"), ("Telemetry:Exporters:Datadog:Delivery:MaxAge", "10m"), ("Telemetry:Exporters:Datadog:Delivery:MaxBytes", "1MiB"),
            ("Telemetry:Zipkin:Delivery:Order", "InOrder"), ("Telemetry:Otlp:Delivery:MaxRequestBytes", "1MiB")).Options;

        var datadog = options.Exporters["Datadog"].Delivery.Over(options.Delivery);

        Assert.That((datadog.Mode, datadog.MaxAge, datadog.MaxBytes, datadog.MaxAttempts), Is.EqualTo((DeliveryMode.Outbox, TimeSpan.FromMinutes(10), (long?)1_048_576, (int?)9)));
        Assert.That(options.Zipkin.Delivery.Over(options.Delivery).Order, Is.EqualTo(DeliveryOrder.InOrder));
        Assert.That(options.Otlp.Delivery.Over(options.Delivery), Is.EqualTo(options.Delivery with { MaxRequestBytes = 1_048_576 }));
    }

    [Test]
    public void Wrong_settings_are_told_in_the_operator_s_names()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => TelemetrySettingsTests.Bind(
            ("Telemetry:Exporters:Datadog:ApiKey", "key"), ("Telemetry:Exporters:Datadog:Delivery:MaxAttempts", "0"), ("Telemetry:Zipkin:Delivery:MaxAge", "0s"),
            ("Telemetry:Otlp:Delivery:Mode", "sometimes"), ("Telemetry:Otlp:Delivery:MaxRequestBytes", "7"), ("Telemetry:Delivery:MaxRequestBytes", "8"),
            ("Telemetry:Exporters:Datadog:Delivery:Backoff", "2m"), ("Telemetry:Exporters:Datadog:Delivery:MaxBackoff", "1m")));

        Assert.That(error!.Errors.Select(one => one.Setting), Is.EquivalentTo(new[]
        {
            "Telemetry:Exporters:Datadog:Delivery:MaxAttempts", "Telemetry:Zipkin:Delivery:MaxAge", "Telemetry:Otlp:Delivery:Mode", "Telemetry:Otlp:Delivery:MaxRequestBytes",
            "Telemetry:Delivery:MaxRequestBytes", "Telemetry:Exporters:Datadog:Delivery:Backoff",
        }), error.Message);
    }

    [Test]
    public async Task Each_exporter_is_delivered_as_it_is_set()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Status(503));
        using var host = Host(new RecordedLogs(), Datadog("Once", server, ("Delivery:MaxAttempts", "1")), Datadog("Patient", server), Datadog("Direct", server, ("Delivery:Enabled", "false")));
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        telemetry.Metrics.CreateGauge("each_exporter").Set(1);

        await telemetry.FlushAsync();

        await Within.Time(() => Reports().ContainsKey("Once") && Reports()["Once"].Dropped.ContainsKey("attempts"), "it is given up");
        Assert.That(Reports().Keys, Is.EquivalentTo(new[] { "Once", "Patient" }));
        Assert.That(Reports()["Patient"].PendingItems, Is.Positive);
        await host.StopAsync();

        Dictionary<string, DestinationReport> Reports() => telemetry.Delivery.GetReport().Destinations.ToDictionary(destination => destination.Name);
    }

    [Test]
    public async Task Whatever_is_refused_is_counted_and_the_log_says_it_once_also_after_an_outage()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Status(400, "", "no such tenant"));
        server.Stop();
        var logs = new RecordedLogs();
        using var host = Host(logs, Datadog("Refused", server, ("Delivery:Backoff", "20ms")));
        await host.StartAsync();
        var telemetry = host.Services.GetRequiredService<TelemetryManager>();
        var gauge = telemetry.Metrics.CreateGauge("refused_series");
        gauge.Set(1);
        Assert.That(await telemetry.FlushAsync(), Is.False);

        server.Restart();
        await Within.Time(() => Report().PendingItems == 0, "what waited is refused");
        for (var i = 0; i < 5; i++)
        {
            gauge.Set(i);
            await telemetry.FlushAsync();
        }

        var report = Report();
        DeliveryTests.Balance(report, delivered: 0, ("rejected", report.Accepted));
        Assert.That(server.Requests, Has.Count.GreaterThanOrEqualTo(6), "None is tried twice, and none is left out.");
        Assert.That(report.FailedAttempts, Is.GreaterThanOrEqualTo(6));
        Assert.That(OtelTelemetry.Diagnostics.TelemetryLosses.Counted("metrics", "Refused", "rejected"), Is.EqualTo(report.Accepted));
        var loud = logs.Lines.Where(line => line.Level >= LogLevel.Warning && line.Text.Contains("Refused", StringComparison.Ordinal)).Select(line => line.Text).ToArray();
        Assert.That(loud.Where(line => line.Contains("no such tenant", StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(1), string.Join('\n', loud));
        Assert.That(loud, Has.Length.EqualTo(2), "The outage, and the refusal.");
        await host.StopAsync();

        DestinationReport Report() => telemetry.Delivery.GetReport().Destinations.Single(destination => destination.Name == "Refused");
    }

    private static IEnumerable<(string Key, string Value)> Datadog(string name, ScriptedServer server, params (string Key, string Value)[] settings) =>
        settings.Concat([("Type", "Datadog"), ("ApiKey", "key"), ("Endpoint", server.Address.ToString()), ("Interval", "1h")]).Select(setting => ($"Telemetry:Exporters:{name}:{setting.Item1}", setting.Item2));

    private static IHost Host(RecordedLogs logs, params IEnumerable<(string Key, string Value)>[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings.SelectMany(setting => setting).Append(("Telemetry:Delivery:BreakDuration", "500ms")).Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)));
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.AddPepperTelemetry();
        return builder.Build();
    }
}
