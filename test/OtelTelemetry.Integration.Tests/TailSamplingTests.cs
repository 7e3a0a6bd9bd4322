using System.Globalization;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>A shop that keeps what failed, what was slow and a part of the rest, at a real OTLP receiver.</summary>
[TestFixture]
public sealed class TailSamplingTests
{
    private const int Orders = 200;

    /// <summary>The threshold of a rate of 0.1, as it is written in a trace state: e666.</summary>
    private const ulong Threshold = 0xe6660000000000;

    [Test]
    public async Task Errors_and_slow_requests_arrive_and_the_rate_of_the_rest()
    {
        await using var receiver = await OtlpReceiver.Start();
        await using var shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.HttpEndpoint.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("Telemetry__Traces__TailSampling__Enabled", "true"),
            ("Telemetry__Traces__TailSampling__Rate", "0.1"),
            ("Telemetry__Traces__TailSampling__SlowerThan", "20s"),
            ("Telemetry__Traces__Sampling__Consistent", "true"),
            ("Telemetry__Traces__Sampling__Rules__0__Path", "/orders/13"),
            ("Telemetry__Traces__Sampling__Rules__0__Rate", "0"),
            ("Telemetry__Traces__Processors__0__Type", "Redact"),
            ("Telemetry__Traces__Processors__0__Attributes", "user_agent.*"));
        for (var i = 0; i < Orders; i++) await Customers.Get(shop, "/orders/7");
        for (var i = 0; i < 5; i++)
        {
            (await shop.Http.GetAsync("/fail")).Dispose();
            (await shop.Http.GetAsync("/orders/13")).Dispose();
        }

        // A limit for the slow that no request of a busy machine passes by chance.
        (await shop.Http.GetAsync("/slow?ms=100")).Dispose();
        var dropped = Lines(await shop.Metrics(), "telemetry_dropped_total", "sampled_out").Sum(ExpositionLine.Value);
        await shop.Stop();

        var spans = await receiver.Spans();
        var requests = spans.Where(span => span.IsServer).ToList();
        Assert.That(requests.Count(span => span.Name == "GET /fail"), Is.EqualTo(5), "Every error.");
        Assert.That(requests.Where(span => span.Attributes.GetValueOrDefault("url.path") == "/orders/13"), Is.Empty, "What the rule of the path leaves out.");
        var orders = requests.Where(span => span.Name.StartsWith("GET /orders", StringComparison.Ordinal)).ToList();
        Assert.That(orders, Has.Count.InRange(4, 45), "About a tenth of the others.");
        Assert.That(orders.Select(span => RandomnessOf(span.TraceId)), Has.All.GreaterThanOrEqualTo(Threshold));
        Assert.That(dropped, Is.GreaterThanOrEqualTo(Orders - orders.Count));
        Assert.That(spans.Where(span => span.Attributes.GetValueOrDefault("user_agent.original") is { } agent && agent != "[redacted]"), Is.Empty);
    }

    [Test]
    public async Task Slow_requests_arrive_where_nothing_else_does()
    {
        await using var receiver = await OtlpReceiver.Start();
        await using var shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.HttpEndpoint.ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("Telemetry__Traces__TailSampling__Enabled", "true"),
            ("Telemetry__Traces__TailSampling__Rate", "0"),
            ("Telemetry__Traces__TailSampling__SlowerThan", "3s"));
        await Customers.Get(shop, [.. Enumerable.Repeat("/orders/7", 20)]);
        for (var i = 0; i < 2; i++) (await shop.Http.GetAsync("/slow?ms=3100")).Dispose();
        await shop.Stop();

        // The first request of a process may be slow by itself.
        var names = (await receiver.Spans()).Where(span => span.IsServer).Select(span => span.Name).ToList();
        Assert.That(names.Count(name => name == "GET /slow"), Is.EqualTo(2));
        Assert.That(names, Has.Count.LessThan(5));
    }

    private static ulong RandomnessOf(string traceId) => ulong.Parse(traceId.AsSpan(18), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Lines(string text, string metric, string reason) => text.Split('\n').Where(line =>
        line.StartsWith(metric, StringComparison.Ordinal) && ExpositionLine.Label(line, "component") == "tail_sampling" && ExpositionLine.Label(line, "reason") == reason);
}
