using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Exporters.Prometheus;

[TestFixture]
public sealed class PrometheusHttpServerTests
{
    private readonly HttpClient _client = new();
    private readonly PrometheusExporter _exporter = new();

    [SetUp]
    public void Export() => _exporter.Export([Some.Number(MetricKind.Counter, "orders", 42)]);

    [OneTimeTearDown]
    public void DisposeClient() => _client.Dispose();

    [Test]
    public async Task It_serves_metrics_in_the_format_asked_for()
    {
        await using var server = await Start();

        var text = await _client.GetAsync(server.Address);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0");
        var openMetrics = await _client.SendAsync(request);

        Assert.That(text.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(await text.Content.ReadAsStringAsync(), Is.EqualTo("# TYPE orders_total counter\norders_total 42\n"));
        Assert.That(openMetrics.Content.Headers.ContentType!.ToString(), Is.EqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"));
        Assert.That(await openMetrics.Content.ReadAsStringAsync(), Is.EqualTo("# TYPE orders counter\norders_total 42\n# EOF\n"));
    }

    [Test]
    public async Task It_compresses_when_the_scraper_allows_it()
    {
        await using var server = await Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));

        var response = await _client.SendAsync(request);

        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { "gzip" }));
        using var reader = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress), Encoding.UTF8);
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("# TYPE orders_total counter\norders_total 42\n"));
    }

    [TestCase("GET", "/other", HttpStatusCode.NotFound)]
    [TestCase("GET", "/metrics/", HttpStatusCode.NotFound)]
    [TestCase("GET", "/metrics?name=x", HttpStatusCode.OK)]
    [TestCase("POST", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [TestCase("DELETE", "/metrics", HttpStatusCode.MethodNotAllowed)]
    [TestCase("HEAD", "/metrics", HttpStatusCode.OK)]
    public async Task Only_the_path_and_reading_are_answered(string method, string path, HttpStatusCode expected)
    {
        await using var server = await Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(new Uri(server.Address), path));

        using var response = await _client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        if (method == "HEAD") Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        if (expected == HttpStatusCode.MethodNotAllowed) Assert.That(response.Content.Headers.Allow, Is.EquivalentTo(new[] { "GET", "HEAD" }));
    }

    [Test]
    public async Task It_answers_under_the_loopback_address_too()
    {
        await using var server = await Start();

        var text = await _client.GetStringAsync(server.Address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal));

        Assert.That(text, Does.Contain("orders_total 42"));
    }

    [Test]
    public async Task A_port_in_use_is_an_error_that_says_what_to_do()
    {
        await using var first = await Start();
        var port = new Uri(first.Address).Port;
        await using var second = new PrometheusHttpServer(_exporter.Handler, new PrometheusExporterOptions { Port = port });

        Assert.That(async () => await second.StartAsync(), Throws.InvalidOperationException.With.Message.Contains($"port {port}").And.Message.Contains("Set the Prometheus exporter's Port"));
    }

    [Test]
    public async Task More_scrapes_than_allowed_are_refused_and_stopping_ends_those_that_run()
    {
        var source = new BlockingFamily();
        var handler = new PrometheusScrapeHandler(new MetricReadModel(new PrometheusCollisionTests.Families(source)), new PrometheusExporterOptions());
        var server = await Start(handler, new PrometheusExporterOptions { MaxConcurrentScrapes = 1 });
        var first = _client.GetAsync(server.Address);
        Assert.That(source.Entered.Wait(TimeSpan.FromSeconds(20)), Is.True);

        using var second = await _client.GetAsync(server.Address);
        source.GoOn.Set();
        using var answered = await first;
        await server.StopAsync();

        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(async () => await _client.GetAsync(server.Address), Throws.InstanceOf<HttpRequestException>());
        Assert.That(async () => await server.StartAsync(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Stopping_ends_a_scrape_in_a_way_that_does_not_look_whole()
    {
        var source = new BlockingFamily();
        var handler = new PrometheusScrapeHandler(new MetricReadModel(new PrometheusCollisionTests.Families(source)), new PrometheusExporterOptions());
        var server = await Start(handler);
        var scrape = _client.GetStringAsync(server.Address);
        Assert.That(source.Entered.Wait(TimeSpan.FromSeconds(20)), Is.True);

        var stopping = server.StopAsync();
        source.GoOn.Set();

        Assert.That(await scrape, Is.EqualTo("incomplete\n"));
        await stopping;
    }

    [Test]
    public async Task Stopping_waits_no_longer_than_it_may()
    {
        var source = new BlockingFamily();
        var handler = new PrometheusScrapeHandler(new MetricReadModel(new PrometheusCollisionTests.Families(source)), new PrometheusExporterOptions());
        var server = await Start(handler);
        var scrape = _client.GetAsync(server.Address);
        Assert.That(source.Entered.Wait(TimeSpan.FromSeconds(20)), Is.True);

        await server.StopAsync(new CancellationToken(canceled: true));

        Assert.That(source.GoOn.IsSet, Is.False);
        source.GoOn.Set();
        await scrape.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Test]
    public async Task A_scrape_that_takes_longer_than_the_scraper_waits_does_not_look_whole([Values] bool gzip)
    {
        var source = new BlockingFamily();
        var clock = new Support.FakeClock();
        var handler = new PrometheusScrapeHandler(new MetricReadModel(new PrometheusCollisionTests.Families(source)), new PrometheusExporterOptions(), timeProvider: clock);
        await using var server = await Start(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        request.Headers.Add(ScrapeDeadline.HeaderName, "10");
        if (gzip) request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        var scrape = _client.SendAsync(request);
        Assert.That(source.Entered.Wait(TimeSpan.FromSeconds(20)), Is.True);

        clock.Advance(TimeSpan.FromSeconds(9.6));
        source.GoOn.Set();
        using var response = await scrape;
        var body = await response.Content.ReadAsStreamAsync();

        using var reader = new StreamReader(gzip ? new GZipStream(body, CompressionMode.Decompress) : body);
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("incomplete\n"));
    }

    private async Task<PrometheusHttpServer> Start(PrometheusScrapeHandler? handler = null, PrometheusExporterOptions? options = null)
    {
        options ??= new PrometheusExporterOptions();
        options.Port = FreePort();
        var server = new PrometheusHttpServer(handler ?? _exporter.Handler, options);
        await server.StartAsync();
        return server;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class BlockingFamily : MetricFamilyReader
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim GoOn { get; } = new();

        public override MetricDescriptor Descriptor { get; } = new("blocking", MetricKind.Gauge, "", "", Some.Scope);

        public override int Read(int start, MetricVisitor visitor)
        {
            Entered.Set();
            GoOn.Wait(TimeSpan.FromSeconds(20));
            return Done;
        }
    }
}
