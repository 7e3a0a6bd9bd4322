using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>What N requests leave behind, in the scrape and at a real OTLP receiver, over both transports.</summary>
[TestFixture("grpc")]
[TestFixture("http/protobuf")]
public sealed class OtlpTests(string protocol)
{
    private const int RequestCount = 200;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>What is asked, how often, and what must come of it.</summary>
    private static readonly (string Method, string Path, string Route, int Status, int Times)[] s_requests =
    [
        ("GET", "/", "/", 200, 10),
        ("GET", "/orders/7", "/orders/{id:int}", 200, 80),
        ("GET", "/orders/99999", "/orders/{id:int}", 404, 10),
        ("POST", "/checkout", "/checkout", 201, 60),
        ("GET", "/slow?ms=1", "/slow", 200, 20),
        ("GET", "/fail", "/fail", 500, 20),
    ];

    private OtlpReceiver _receiver = null!;
    private StorefrontProcess _shop = null!;

    [OneTimeSetUp]
    public async Task SendTheRequests()
    {
        Assert.That(s_requests.Sum(request => request.Times), Is.EqualTo(RequestCount));
        _receiver = await OtlpReceiver.Start();
        _shop = await StorefrontProcess.Start(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", (protocol == "grpc" ? _receiver.GrpcEndpoint : _receiver.HttpEndpoint).ToString()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_METRIC_EXPORT_INTERVAL", s_interval.TotalMilliseconds.ToString()),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "200"));

        foreach (var (method, path, _, status, times) in s_requests)
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, times), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var response = await _shop.Http.SendAsync(request, CancellationToken.None);
                Assert.That((int)response.StatusCode, Is.EqualTo(status), path);
            });
        }
    }

    [OneTimeTearDown]
    public async Task StopEverything() => await Disposal.Of(_shop, _receiver);

    [Test]
    public async Task The_scrape_counts_every_request_once()
    {
        var text = await _shop.Metrics();
        var lines = text.Split('\n').Where(line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal)).ToList();

        Assert.That(lines.Sum(ExpositionLine.Value), Is.EqualTo(RequestCount), string.Join('\n', lines));
        foreach (var (method, path, route, status, times) in s_requests)
        {
            var matching = lines.Where(line =>
                ExpositionLine.Label(line, "http_route") == route
                && ExpositionLine.Label(line, "http_request_method") == method
                && ExpositionLine.Label(line, "http_response_status_code") == status.ToString());
            Assert.That(matching.Sum(ExpositionLine.Value), Is.EqualTo(times), $"{method} {path}");
        }
    }

    [Test]
    public async Task Every_request_has_a_server_span_with_its_name_route_and_status()
    {
        await ServerSpans();
        await _shop.Metrics();
        var spans = await ServerSpans();

        Assert.That(spans, Has.Count.EqualTo(RequestCount), "Reading the metrics is not traced.");
        foreach (var (method, path, route, status, times) in s_requests)
        {
            var matching = spans.Where(span =>
                span.Name == $"{method} {route}"
                && span.Attributes.GetValueOrDefault("http.route") == route
                && span.Attributes.GetValueOrDefault("http.request.method") == method
                && span.Attributes.GetValueOrDefault("http.response.status_code") == status.ToString()).ToList();
            Assert.That(matching, Has.Count.EqualTo(times), $"{method} {path} among\n{string.Join('\n', spans.Select(span => span.ToString()).Distinct())}");
            Assert.That(matching.Select(span => span.Status).Distinct(), Is.EqualTo(new[] { status >= 500 ? "STATUS_CODE_ERROR" : "STATUS_CODE_UNSET" }), path);
        }
    }

    [Test]
    public async Task Failed_requests_name_the_error()
    {
        var failed = (await ServerSpans()).Where(span => span.Name == "GET /fail");

        Assert.That(failed.Select(span => span.Attributes.GetValueOrDefault("error.type")).Distinct(), Is.EqualTo(new[] { "System.InvalidOperationException" }));
    }

    [Test]
    public async Task A_checkout_is_one_trace_from_the_request_to_the_payment_service()
    {
        await ServerSpans();
        var spans = await _receiver.Spans();
        var request = spans.First(span => span.IsServer && span.Name == "POST /checkout");
        var trace = spans.Where(span => span.TraceId == request.TraceId).ToDictionary(span => span.SpanId);

        var placing = trace.Values.Single(span => span.Name == "place order");
        var call = trace.Values.Single(span => span.Kind == "SPAN_KIND_CLIENT");
        var payment = trace.Values.Single(span => span.IsServer && span != request);
        Assert.That(
            (placing.ParentSpanId, call.ParentSpanId, payment.ParentSpanId, payment.Name),
            Is.EqualTo((request.SpanId, placing.SpanId, call.SpanId, "POST /payments")));
    }

    [Test]
    public async Task Logs_arrive_with_the_trace_they_belong_to()
    {
        await ServerSpans();
        var requests = (await _receiver.Spans()).Where(span => span.IsServer && span.Name == "POST /checkout").Select(span => span.TraceId);
        var sales = await Eventually.Get(
            "a log of every sale",
            async () => (await _receiver.Logs()).Where(log => log.Body.StartsWith("1 x book sold", StringComparison.Ordinal)).ToList(),
            logs => logs.Count >= 60);

        Assert.That(sales.Select(log => log.TraceId), Is.EquivalentTo(requests));
        Assert.That(sales, Has.All.Matches<OtlpLog>(log => log.Severity == "Information" && log.Attributes["Product"] == "book"));
        Assert.That(sales, Has.All.Matches<OtlpLog>(log => log.Attributes.ContainsKey("OrderId")), "The scope's value is on the record.");
    }

    [Test]
    public async Task Metrics_of_ours_and_of_others_arrive_once()
    {
        var latest = await Eventually.Get(
            "exports after the last request, of others' metrics and of ours",
            async () => Latest(await _receiver.Points()),
            points => Sum(points, "http.server.request.duration") >= RequestCount && Sum(points, "storefront_orders_placed") >= 60);

        Assert.That(Value("http.server.request.duration"), Is.EqualTo(RequestCount));
        Assert.That(Value("storefront_orders_placed"), Is.EqualTo(60));
        Assert.That(Value("storefront_cart_value_euros"), Is.EqualTo(60));
        Assert.That(latest.Single(point => point.Metric == "storefront_cart_value_euros").Sum, Is.EqualTo(60 * 24.5).Within(1e-9));
        Assert.That(Value("storefront_payment_latency"), Is.EqualTo(60));
        Assert.That(latest.Select(point => point.Metric), Does.Contain("storefront_checkouts_in_flight").And.Contain("dotnet.gc.collections").And.Contain("http.client.request.duration"));

        double Value(string metric) => Sum(latest, metric);
    }

    [Test]
    public async Task No_series_is_exported_twice_at_a_time()
    {
        var points = await Eventually.Get(
            "five rounds of metrics",
            _receiver.Points,
            points => points.Count(point => point.Metric == "storefront_checkouts_in_flight") >= 5);

        Assert.That(Repeated(points.GroupBy(point => (point.Export, point.Series))), Is.Empty, "Twice in one request.");

        // Two senders of one series would make its points come twice as often as the interval says.
        var tooOften = points.GroupBy(point => point.Series)
            .Where(series => series.Count() > 2)
            .Where(series => series.Max(point => point.Time) - series.Min(point => point.Time) < (series.Count() - 1) * 0.75 * s_interval);
        Assert.That(tooOften.Select(series => series.Key), Is.Empty, "More often than once in an interval.");

        static IEnumerable<string> Repeated<T>(IEnumerable<IGrouping<T, OtlpPoint>> groups) =>
            groups.Where(group => group.Count() > 1).Select(group => string.Join(" and ", group));
    }

    [Test]
    public async Task Every_signal_names_the_service()
    {
        await ServerSpans();
        var points = await Eventually.Get("metrics", _receiver.Points, points => points.Count > 0);
        var logs = await Eventually.Get("logs", _receiver.Logs, logs => logs.Count > 0);
        var resources = points.Select(point => point.Resource).Concat(logs.Select(log => log.Resource)).Concat((await _receiver.Spans()).Select(span => span.Resource));

        Assert.That(resources, Has.All.Matches<IReadOnlyDictionary<string, string>>(resource =>
            resource.GetValueOrDefault("service.name") == "storefront" && resource.GetValueOrDefault("deployment.environment.name") == "demo"));
    }

    [Test]
    public async Task Everything_came_over_the_transport_that_was_set()
    {
        await Eventually.Get("all signals", _receiver.Exports, exports => exports.Select(export => export.Signal).Distinct().Count() == 3);

        Assert.That((await _receiver.Exports()).Select(export => export.Transport).Distinct(), Is.EqualTo(new[] { protocol == "grpc" ? "grpc" : "http" }));
    }

    /// <summary>The server spans of the shop itself: those of the payment service, which lives in the same process, are left out.</summary>
    private Task<List<OtlpSpan>> ServerSpans() => Eventually.Get(
        "a server span for every request",
        async () => (await _receiver.Spans()).Where(span => span.IsServer && span.Name != "POST /payments").ToList(),
        spans => spans.Count >= RequestCount);

    /// <summary>The newest point of every series.</summary>
    private static List<OtlpPoint> Latest(IReadOnlyList<OtlpPoint> points) =>
        [.. points.GroupBy(point => point.Series).Select(series => series.MaxBy(point => point.Export)!)];

    private static double Sum(IEnumerable<OtlpPoint> points, string metric) => points.Where(point => point.Metric == metric).Sum(point => point.Value);
}
