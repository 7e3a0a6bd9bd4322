using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The settings of section Telemetry do what the OTEL_* variables do, and the variables win.</summary>
[TestFixture]
public sealed class OtlpConfigurationTests
{
    private OtlpReceiver _receiver = null!;

    [SetUp]
    public async Task StartReceiver() => _receiver = await OtlpReceiver.Start();

    [TearDown]
    public async Task StopReceiver() => await _receiver.DisposeAsync();

    [TestCase("Grpc", "grpc")]
    [TestCase("grpc", "grpc")]
    [TestCase("http/protobuf", "http")]
    public async Task The_section_alone_sends_all_signals(string protocol, string transport)
    {
        await using var shop = await StorefrontProcess.Start(
            ("Telemetry__Otlp__Endpoint", (transport == "grpc" ? _receiver.GrpcEndpoint : _receiver.HttpEndpoint).ToString()),
            ("Telemetry__Otlp__Protocol", protocol),
            ("Telemetry__Otlp__MetricExportInterval", "00:00:01"));
        await Customers.Buy(shop, ("book", 1, "card"));
        await shop.Stop();

        var exports = await _receiver.Exports();
        Assert.That(exports.Select(export => export.Signal).Distinct(), Is.EquivalentTo(new[] { "traces", "metrics", "logs" }));
        Assert.That(exports.Select(export => export.Transport).Distinct(), Is.EqualTo(new[] { transport }));
    }

    [Test]
    public async Task Requests_are_compressed_when_asked_for()
    {
        // Over HTTP only: the receiver's gRPC library does not tell how a message was compressed.
        await using var shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.HttpEndpoint.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"));
        await Customers.Buy(shop, ("book", 1, "card"));
        await shop.Stop();

        var exports = await _receiver.Exports();
        Assert.That(exports.Select(export => export.Signal).Distinct(), Is.EquivalentTo(new[] { "traces", "metrics", "logs" }));
        Assert.That(exports.Select(export => (string?)export.Headers["content-encoding"]), Has.All.EqualTo("gzip"));
    }

    [Test]
    public async Task Variables_win_over_the_section()
    {
        await using var shop = await StorefrontProcess.Start(
            ("Telemetry__Otlp__Endpoint", "http://127.0.0.1:1"),
            ("Telemetry__ServiceName", "from-the-section"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.HttpEndpoint.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "from-the-variable"));
        await Customers.Get(shop, "/orders/7");
        await shop.Stop();

        var span = (await _receiver.Spans()).Single(span => span.IsServer);
        Assert.That(span.Resource["service.name"], Is.EqualTo("from-the-variable"));
    }

    [Test]
    public async Task Exporter_variables_switch_single_signals_off()
    {
        await using var shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.HttpEndpoint.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRICS_EXPORTER", "none"),
            ("OTEL_LOGS_EXPORTER", "none"));
        await Customers.Buy(shop, ("book", 1, "card"));
        await shop.Stop();

        Assert.That((await _receiver.Exports()).Select(export => export.Signal).Distinct(), Is.EqualTo(new[] { "traces" }));
    }

    [Test]
    public async Task The_stop_sends_everything_that_was_recorded()
    {
        // Intervals far longer than the test: only the stop can have sent what arrives.
        await using var shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.GrpcEndpoint.ToString()),
            ("OTEL_METRIC_EXPORT_INTERVAL", "600000"),
            ("OTEL_BSP_SCHEDULE_DELAY", "600000"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "600000"));
        await Customers.Buy(shop, ("book", 1, "card"), ("lamp", 2, "card"));
        await Customers.Get(shop, "/orders/7");
        await shop.Stop();

        Assert.That(shop.ExitCode, Is.Zero);
        Assert.That((await _receiver.Spans()).Count(span => span.IsServer && span.Name != "POST /payments"), Is.EqualTo(3));
        Assert.That((await _receiver.Points()).Where(point => point.Metric == "storefront_orders_placed").Sum(point => point.Value), Is.EqualTo(2));
        Assert.That((await _receiver.Logs()).Count(log => log.Body.Contains("sold for", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task B3_headers_are_understood_when_asked_for()
    {
        const string Trace = "463ac35c9f6413ad48485a3953bb6124";
        await using var shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.GrpcEndpoint.ToString()), ("OTEL_PROPAGATORS", "b3multi,tracecontext"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/checkout");
        request.Headers.Add("X-B3-TraceId", Trace);
        request.Headers.Add("X-B3-SpanId", "a2fb4a1d1a96d312");
        request.Headers.Add("X-B3-Sampled", "1");
        using var response = await shop.Http.SendAsync(request);
        await shop.Stop();

        var spans = (await _receiver.Spans()).Where(span => span.IsServer).ToList();
        Assert.That(spans.Select(span => span.Name), Is.EquivalentTo(new[] { "POST /checkout", "POST /payments" }));
        Assert.That(spans.Select(span => span.TraceId).Distinct(), Is.EqualTo(new[] { Trace }));
    }
}
