using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>From a number on a chart to the trace behind it: exemplars in Prometheus lead to spans at the OTLP receiver.</summary>
[TestFixture]
public sealed class ExemplarTests
{
    private OtlpReceiver _receiver = null!;
    private StorefrontProcess _shop = null!;
    private PrometheusServer _prometheus = null!;

    [OneTimeSetUp]
    public async Task StartEverything()
    {
        _receiver = await OtlpReceiver.Start();
        _shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.GrpcEndpoint.ToString()), ("OTEL_BSP_SCHEDULE_DELAY", "200"));
        await Customers.Buy(_shop, ("pencil", 2, "card"), ("book", 1, "card"), ("lamp", 1, "card"), ("chair", 2, "card"));
        _prometheus = await PrometheusServer.Start(_shop.Address);
        await _prometheus.WaitUntilUp();
    }

    [OneTimeTearDown]
    public async Task StopEverything() => await Disposal.Of(_prometheus, _shop, _receiver);

    [TestCase("storefront_cart_value_euros_bucket", TestName = "Exemplars_of_a_histogram_of_ours_lead_to_traces")]
    [TestCase("storefront_orders_placed_total", TestName = "Exemplars_of_a_counter_of_ours_lead_to_traces")]
    [TestCase("http_server_request_duration_seconds_bucket", TestName = "Exemplars_of_ASP_NET_Core_lead_to_traces")]
    public async Task Exemplars_lead_to_traces(string metric)
    {
        var exemplars = await Eventually.Get($"exemplars of {metric}", () => _prometheus.Exemplars(metric), found => found.Count > 0);
        var wanted = exemplars.Select(exemplar => exemplar.Labels["trace_id"]).Distinct().ToList();

        var spans = await Eventually.Get(
            "the spans of those traces", _receiver.Spans, spans => wanted.All(trace => spans.Any(span => span.TraceId == trace)));

        Assert.That(
            exemplars.Select(exemplar => (exemplar.Labels["trace_id"], exemplar.Labels["span_id"])),
            Is.SubsetOf(spans.Select(span => (span.TraceId, span.SpanId))));
    }

    [Test]
    public async Task The_exemplar_of_a_bucket_holds_a_value_of_that_bucket()
    {
        var exemplars = await Eventually.Get(
            "exemplars of four buckets", () => _prometheus.Exemplars("storefront_cart_value_euros_bucket"), found => found.Count >= 4);

        Assert.That(exemplars.Select(exemplar => exemplar.Value), Is.SupersetOf(new[] { 2.4, 24.5, 79, 480 }));
    }
}
