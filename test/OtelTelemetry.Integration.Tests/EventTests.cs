using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The shop's events arrive as log records with their trace, and the library tells of itself in a real scrape.</summary>
[TestFixture]
public sealed class EventTests
{
    [Test]
    public async Task An_event_arrives_by_OTLP_as_a_log_record_of_the_span_it_was_recorded_in()
    {
        await using var receiver = await OtlpReceiver.Start();
        await using var shop = await StorefrontProcess.Start(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.GrpcEndpoint.ToString()));
        await Customers.Buy(shop, ("lamp", 2, "invoice"));

        var log = (await Eventually.Get("the event", async () => (await receiver.Logs()).Where(log => log.Body.StartsWith("order_placed", StringComparison.Ordinal)).ToList(), logs => logs.Count > 0)).Single();
        var span = (await Eventually.Get("the span", async () => (await receiver.Spans()).Where(span => span.Name == "place order").ToList(), spans => spans.Count > 0)).Single();

        Assert.That(log.Scope, Is.EqualTo("OtelTelemetry.Events"));
        Assert.That(log.EventName, Is.EqualTo("order_placed"));
        Assert.That((log.TraceId, log.SpanId), Is.EqualTo((span.TraceId, span.SpanId)));
        Assert.That(log.Attributes, Is.SupersetOf(new Dictionary<string, string>
        {
            ["event.name"] = "order_placed", ["product"] = "lamp", ["payment_method"] = "invoice", ["order_id"] = span.Attributes["shop.order.id"],
        }));
        Assert.That(log.Attributes, Does.ContainKey("total_euros"));
    }

    [Test]
    public async Task A_scrape_has_the_self_metrics_under_their_names()
    {
        await using var shop = await StorefrontProcess.Start();
        await Customers.Buy(shop, ("lamp", 2, "invoice"), ("book", 1, "card"));
        await shop.Metrics();

        var lines = (await shop.Metrics()).Split('\n').Where(line => line.StartsWith("telemetry_", StringComparison.Ordinal)).ToArray();

        Assert.That(lines, Has.Some.EqualTo("telemetry_collection_runs_total 2"));
        Assert.That(lines, Has.Some.EqualTo("telemetry_events_total{event=\"order_placed\"} 2"));
        Assert.That(lines, Has.Some.Match("^telemetry_metrics_count ([1-9][0-9])$"));
        Assert.That(lines, Has.Some.Match("^telemetry_collection_duration_seconds [0-9.eE-]+$"));
    }
}
