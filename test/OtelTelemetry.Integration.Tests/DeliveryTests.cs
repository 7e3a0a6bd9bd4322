using System.Globalization;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>A receiver that is killed, and a shop that is killed: what was accepted arrives all the same, at least once.</summary>
[TestFixture("grpc")]
[TestFixture("http/protobuf")]
public sealed class DeliveryTests(string protocol)
{
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(60);

    private string _folder = null!;
    private OtlpReceiver _receiver = null!;
    private StorefrontProcess? _shop;

    private string Journal => Path.Combine(_folder, "received.jsonl");

    private string Outbox => Path.Combine(_folder, "outbox.db");

    [SetUp]
    public async Task StartReceiver()
    {
        _folder = Directory.CreateTempSubdirectory("oteltelemetry-delivery-").FullName;
        _receiver = await OtlpReceiver.Start(file: Journal);
    }

    [TearDown]
    public async Task StopEverything()
    {
        await Disposal.Of(_shop, _receiver);
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_receiver_that_is_killed_and_comes_back_gets_everything_of_a_run()
    {
        _shop = await StartShop("OnFailure");
        var asked = 0;
        for (var round = 0; round < 3; round++)
        {
            asked += await AskFor(100, round);
            await KillReceiver();
            asked += await AskFor(100, round + 10);
            await RestartReceiver();
            asked += await AskFor(100, round + 20);
        }

        await EverythingIsThere(asked);
        var balance = await Balance("otlp_traces");
        Assert.That(balance.Accepted, Is.EqualTo(balance.Delivered + balance.Pending));
        Assert.That(balance.Delivered, Is.GreaterThanOrEqualTo(asked));
        var took = await _shop.Stop();
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(8)));
    }

    [Test]
    public async Task A_shop_that_is_killed_leaves_what_it_accepted_to_the_next_one()
    {
        _shop = await StartShop("Outbox");
        await KillReceiver();
        var asked = await AskFor(200, 0);
        await Eventually.Get("everything accepted", () => Balance("otlp_traces"), balance => balance.Accepted >= asked, s_longEnough);
        // Each look adds two more, which come after those of the requests.
        await Eventually.Get("every log accepted", () => Balance("otlp_logs"), balance => balance.Accepted >= (asked * 2) + 10, s_longEnough);

        await _shop.Kill();
        await _shop.DisposeAsync();
        await RestartReceiver();
        _shop = await StartShop("Outbox");

        await EverythingIsThere(asked);
        await Eventually.Get(
            "the metrics", async () => (await _receiver.Points()).Select(point => point.Metric).Distinct().ToList(), metrics => metrics.Contains("http.server.request.duration"), s_longEnough);
    }

    [Test]
    public async Task No_secret_is_in_the_outbox_and_the_next_shop_s_headers_are_sent()
    {
        await KillReceiver();
        _shop = await StartShop("Outbox", "api-key=old-sesame-4711");
        var asked = await AskFor(20, 0);
        await Eventually.Get("everything accepted", () => Balance("otlp_traces"), balance => balance.Accepted >= asked, s_longEnough);
        Assert.That((await Balance("otlp_traces")).Pending, Is.EqualTo(asked));
        await _shop.Stop();
        foreach (var file in Directory.GetFiles(_folder, "outbox*")) Assert.That(await File.ReadAllTextAsync(file), Does.Not.Contain("sesame"), file);
        Assert.That(_shop.Output.ToString(), Does.Not.Contain("sesame"));
        await _shop.DisposeAsync();

        await RestartReceiver();
        _shop = await StartShop("Outbox", "api-key=new-sesame-4711");

        await EverythingIsThere(asked);
        Assert.That((await _receiver.Exports()).Select(export => export.Headers["api-key"]!.ToString()), Has.All.Contains("new-sesame-4711"));
    }

    private Task<StorefrontProcess> StartShop(string mode, string headers = "") => StorefrontProcess.Start(
        ("OTEL_EXPORTER_OTLP_ENDPOINT", (protocol == "grpc" ? _receiver.GrpcEndpoint : _receiver.HttpEndpoint).ToString()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_EXPORTER_OTLP_HEADERS", headers),
        ("OTEL_METRIC_EXPORT_INTERVAL", "300"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
        // Two log records a request, "starting" and "finished".
        ("Logging__LogLevel__Default", "Warning"),
        ("Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics", "Information"),
        ("Telemetry__Delivery__Mode", mode),
        ("Telemetry__Delivery__Backoff", "100ms"),
        ("Telemetry__Delivery__MaxBackoff", "1s"),
        ("Telemetry__Delivery__BreakDuration", "500ms"),
        ("Telemetry__Delivery__PollInterval", "500ms"),
        ("Telemetry__Delivery__Outbox__Path", Outbox));

    private Task KillReceiver() => _receiver.Kill();

    private async Task RestartReceiver()
    {
        var gone = _receiver;
        _receiver = await OtlpReceiver.Start(gone, Journal);
        await gone.DisposeAsync();
    }

    /// <summary>Requests that can be told from one another in the spans: the path has a number of its own.</summary>
    private async Task<int> AskFor(int count, int round)
    {
        await Customers.Get(_shop!, [.. Enumerable.Range(0, count).Select(i => $"/orders/{(round * 1000) + i + 1}")]);
        return count;
    }

    private async Task EverythingIsThere(int asked)
    {
        var spans = await Eventually.Get(
            $"{asked} requests as spans",
            async () => (await _receiver.Spans()).Where(span => span.IsServer && span.Name == "GET /orders/{id:int}").Select(span => span.SpanId).Distinct().Count(),
            count => count >= asked,
            s_longEnough);
        Assert.That(spans, Is.EqualTo(asked));
        await Eventually.Get(
            $"{asked} requests in the logs",
            async () => (await _receiver.Logs()).Where(log => log.Body.StartsWith("Request finished", StringComparison.Ordinal) && log.Body.Contains("/orders/", StringComparison.Ordinal)).Select(log => log.SpanId).Distinct().Count(),
            count => count == asked,
            s_longEnough);
    }

    private async Task<(double Accepted, double Delivered, double Pending)> Balance(string destination)
    {
        var lines = (await _shop!.Metrics()).Split('\n').Where(line => ExpositionLine.Label(line, "destination") == destination).ToList();
        return (Value("telemetry_delivery_accepted_total"), Value("telemetry_delivery_delivered_total"), Value("telemetry_delivery_pending_items"));

        double Value(string name) => lines.Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)).Sum(ExpositionLine.Value);
    }
}
