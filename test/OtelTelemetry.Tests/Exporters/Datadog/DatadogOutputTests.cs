using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Datadog;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Exporters.StatsD;
using OtelTelemetry.Tests.Support;
using static OtelTelemetry.Tests.Support.SomeFamilies;

namespace OtelTelemetry.Tests.Exporters.Datadog;

public class DatadogOutputTests
{
    private FakeClock _clock = null!;
    private RecordingBackend _datadog = null!;

    [SetUp]
    public void CreateServer()
    {
        _clock = new FakeClock();
        _datadog = new RecordingBackend();
        _datadog.AnswerWith(HttpStatusCode.Accepted, """{"errors":[]}""");
    }

    [TearDown]
    public void DisposeServer() => _datadog.Dispose();

    [Test]
    public async Task Version_2_gets_the_whole_request_as_documented()
    {
        await using var exporter = Create(new() { ApiKey = "key", AppKey = "app", Site = "datadoghq.eu", Prefix = "shop", Host = "web-1", Tags = { ["team"] = "a,b" } });
        Assert.That((await exporter.ExportAsync(StatsDOutputTests.OneOfEach)).Items, Is.EqualTo(19));
        var request = _datadog.Requests.Single();
        Assert.That(
            (request.Method, request.Address.ToString(), request.Header("DD-API-KEY"), request.Header("DD-APPLICATION-KEY"), request.ContentHeaders!.ContentType!.ToString(), request.ContentHeaders.ContentEncoding.Single()),
            Is.EqualTo(("POST", "https://api.datadoghq.eu/api/v2/series", "key", "app", "application/json", "gzip")));
        Assert.That(Lines(request), Is.EqualTo(string.Join('\n', Expected(
            ("requests_total", 1, 5, "label:GET", null),
            ("requests_total", 1, 0, "label:/a b", null),
            ("temperature", 3, 21.5, "label:oven", "degree celsius"),
            ("temperature", 3, -18, "label:freezer", "degree celsius"),
            ("open.connections", 3, 3, "label:a", "connection"),
            ("http.request.duration.count", 1, 4, "route:a", null),
            ("http.request.duration.sum", 1, 12.5, "route:a", "second"),
            ("http.request.duration.p50", 3, 0.1, "route:a", "second"),
            ("http.request.duration.p95", 3, 1, "route:a", "second"),
            ("http.request.duration.p99", 3, 1, "route:a", "second"),
            ("payload.size.count", 1, 6, "route:a", null),
            ("payload.size.sum", 1, 3.5, "route:a", "byte"),
            ("payload.size.p50", 3, 1, "route:a", "byte"),
            ("payload.size.p95", 3, 3.8, "route:a", "byte"),
            ("payload.size.p99", 3, 3.96, "route:a", "byte"),
            ("payment_seconds.count", 1, 7, "method:card", null),
            ("payment_seconds.sum", 1, 2.5, "method:card", "second"),
            ("payment_seconds.p50", 3, 0.2, "method:card", "second"),
            ("payment_seconds.p99_9", 3, 1.4, "method:card", "second")))));

        IEnumerable<string> Expected(params (string Name, int Type, double Value, string Tag, string? Unit)[] series) => series.Select(one =>
            $$"""{"metric":"shop.{{one.Name}}","type":{{one.Type}}{{(one.Type == 1 ? ",\"interval\":15" : "")}},"points":[{"timestamp":{{_clock.GetUtcNow().ToUnixTimeSeconds()}},"value":{{JsonValue.Create(one.Value).ToJsonString()}}}],"""
            + $$""" "tags":["team:a_b","{{one.Tag}}"],"resources":[{"name":"web-1","type":"host"}]{{(one.Unit is null ? "" : $",\"unit\":\"{one.Unit}\"")}}}""".TrimStart());
    }

    [Test]
    public async Task Version_1_gets_the_whole_request_as_documented()
    {
        await using var exporter = Create(new() { Endpoint = new("http://vm:8428/datadog/"), Api = DatadogApi.V1, Compression = DatadogCompression.Deflate, Host = "web-1", Interval = TimeSpan.FromMinutes(1) });
        await exporter.ExportAsync([Numbers("requests_total", MetricKind.Counter, "", ("GET", 5), ("", 1)), Numbers("level", MetricKind.Gauge, "By", ("x", 1e20))]);
        var request = _datadog.Requests.Single();
        Assert.That(
            (request.Address.ToString(), request.Header("DD-API-KEY"), request.ContentHeaders!.ContentEncoding.Single()),
            Is.EqualTo(("http://vm:8428/datadog/api/v1/series", (string?)null, "deflate")));
        var time = _clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.That(Text(request), Is.EqualTo(
            """{"series":[{"metric":"requests_total","type":"count","interval":60,"points":[[TIME,5]],"tags":["label:GET"],"host":"web-1"},"""
                .Replace("TIME", $"{time}", StringComparison.Ordinal)
            + """{"metric":"requests_total","type":"count","interval":60,"points":[[TIME,1]],"tags":[],"host":"web-1"},"""
                .Replace("TIME", $"{time}", StringComparison.Ordinal)
            + """{"metric":"level","type":"gauge","points":[[TIME,1E+20]],"tags":["label:x"],"host":"web-1"}]}"""
                .Replace("TIME", $"{time}", StringComparison.Ordinal)));
    }

    [Test]
    public async Task The_resource_gives_the_host_and_the_service_tags_unless_settings_do()
    {
        var resource = new Dictionary<string, object>
        {
            ["host.name"] = "h1", ["service.name"] = "shop", ["service.version"] = "1.2", ["deployment.environment.name"] = "prod",
        };
        await using var exporter = Create(new() { ApiKey = "key", Tags = { ["env"] = "test" } }, resource: resource);
        await exporter.ExportAsync([Numbers("n", MetricKind.Gauge, "", ("x", 1))]);
        var series = JsonNode.Parse(Text(_datadog.Requests.Single()))!["series"]![0]!;
        Assert.That(series["tags"]!.ToJsonString(), Is.EqualTo("""["env:test","service:shop","version:1.2","label:x"]"""));
        Assert.That(series["resources"]!.ToJsonString(), Is.EqualTo("""[{"name":"h1","type":"host"}]"""));
    }

    [Test]
    public async Task What_is_not_accepted_is_part_of_the_next_export()
    {
        await using var exporter = Create(new() { ApiKey = "key" });
        await Export(exporter, 10);
        foreach (var status in new[] { HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, HttpStatusCode.BadRequest, HttpStatusCode.Forbidden })
        {
            _datadog.AnswerWith(status);
            var result = await exporter.ExportAsync([Numbers("n", MetricKind.Counter, "", ("x", 12))]);
            Assert.That((result.Succeeded, result.Items), Is.EqualTo((false, 0L)), $"{status}");
        }

        _datadog.AnswerWith(HttpStatusCode.Accepted);
        Assert.That(await Export(exporter, 15), Is.EqualTo(5));
    }

    [Test]
    public async Task Two_exports_of_one_second_have_points_of_two()
    {
        await using var exporter = Create(new() { ApiKey = "key" });
        await Export(exporter, 1);
        await Export(exporter, 2);
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.That(_datadog.Requests.Select(request => (long)JsonNode.Parse(Text(request))!["series"]![0]!["points"]![0]!["timestamp"]!), Is.EqualTo(new[] { now, now + 1 }));
    }

    [Test]
    public async Task A_request_is_cut_to_the_documented_sizes_and_nothing_is_lost_or_sent_twice()
    {
        // Random text does not become smaller, so the compressed size decides.
        var random = new System.Random(7);
        var values = Enumerable.Range(0, 3000).Select(i => ($"{i} {Convert.ToBase64String(Bytes())}", (double)i)).ToArray();
        await using var exporter = Create(new() { ApiKey = "key", Host = "" });
        var result = await exporter.ExportAsync([Numbers("n", MetricKind.Counter, "", values)]);
        Assert.That((result.Succeeded, result.Items), Is.EqualTo((true, 3000L)), result.Problem);
        Assert.That(_datadog.Requests, Has.Count.GreaterThan(2));
        foreach (var request in _datadog.Requests)
        {
            Assert.That(request.Body, Has.Length.LessThanOrEqualTo(512_000));
            Assert.That(Text(request), Has.Length.LessThanOrEqualTo(5_242_880));
        }

        var sent = _datadog.Requests.SelectMany(request => JsonNode.Parse(Text(request))!["series"]!.AsArray()).Select(series => (double)series!["points"]![0]!["value"]!).ToArray();
        Assert.That(sent, Is.EqualTo(values.Select(value => value.Item2)));

        byte[] Bytes()
        {
            var bytes = new byte[300];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    [TestCase(DatadogCompression.None)]
    [TestCase(DatadogCompression.Gzip)]
    public async Task Many_series_are_sent_while_they_are_read(DatadogCompression compression)
    {
        await using var exporter = Create(new() { ApiKey = "key", Compression = compression });
        var result = await exporter.ExportAsync([Numbers("n", MetricKind.Gauge, "", [.. Enumerable.Range(0, 60_000).Select(i => ($"{i}", (double)i))])]);
        Assert.That((result.Succeeded, result.Items), Is.EqualTo((true, 60_000L)), result.Problem);
        Assert.That(_datadog.Requests, Has.Count.InRange(2, 40));
        foreach (var request in _datadog.Requests)
        {
            Assert.That(request.Body, Has.Length.LessThanOrEqualTo(512_000));
            Assert.That(Text(request), Has.Length.LessThanOrEqualTo(5_242_880));
        }
    }

    [Test]
    public async Task What_is_too_large_for_the_server_is_cut_in_two_until_it_is_one_series()
    {
        _datadog.Answer = request => new HttpResponseMessage(JsonNode.Parse(Text(request))!["series"]!.AsArray().Count > 1 || Text(request).Contains("label:c", StringComparison.Ordinal)
            ? HttpStatusCode.RequestEntityTooLarge
            : HttpStatusCode.Accepted);
        await using var exporter = Create(new() { ApiKey = "key" }, "DatadogTooLarge");
        var result = await exporter.ExportAsync([Numbers("n", MetricKind.Gauge, "", ("a", 1), ("b", 2), ("c", 3), ("d", 4))]);
        Assert.That((result.Succeeded, result.Items), Is.EqualTo((true, 3L)), result.Problem);
        Assert.That(TelemetryLosses.Counted("metrics", exporter.Name, "too_large"), Is.EqualTo(1));
    }

    [Test]
    public void Whatever_labels_hold_the_request_is_JSON_and_each_label_is_one_tag() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).ToArbitrary(), text =>
        {
            var datadog = new RecordingBackend();
            var exporter = Create(new() { ApiKey = "key", Compression = DatadogCompression.None }, backend: datadog);
            Assert.That(exporter.ExportAsync([Numbers("n", MetricKind.Gauge, "", (text, 1))]).AsTask().GetAwaiter().GetResult().Succeeded, Is.True);
            var tags = JsonNode.Parse(datadog.Requests.Single().Text)!["series"]![0]!["tags"]!.AsArray();
            Assert.That(tags, Has.Count.EqualTo(text.Length == 0 ? 0 : 1));
            if (text.Length > 0) Assert.That((string?)tags[0], Does.StartWith("label:").And.Not.Contain(",").And.Not.Contain("\n"));
        }).QuickCheckThrowOnFailure();

    [TestCase("datadoghq.com", "US", null)]
    [TestCase("https://datadoghq.com", "key", "Site: 'https://datadoghq.com' is not a site")]
    [TestCase("datadoghq.com", " ", "ApiKey: it is missing")]
    [TestCase("datadoghq.com", "a\nHIDDENKEY", "ApiKey: the key (hidden) has characters that no key has")]
    public void Wrong_settings_are_refused_and_keys_are_not_shown(string site, string key, string? problem)
    {
        var options = new DatadogExporterOptions { Site = site, ApiKey = key };
        Action create = () => options.Create(new ExporterContext("Datadog"));
        if (problem is null) Assert.That(create, Throws.Nothing);
        else Assert.That(create, Throws.ArgumentException.With.Message.Contains(problem).And.Message.Not.Contains("HIDDENKEY"));
    }

    [Test]
    public void Every_setting_is_read()
    {
        var options = ExporterSettings.Read<DatadogExporterOptions>(
            "Datadog",
            ("ApiKey", "key"), ("AppKey", "app"), ("Site", "datadoghq.eu"), ("Endpoint", "http://localhost:8428/datadog"), ("Api", "v1"), ("Prefix", "shop"),
            ("Host", "h"), ("Tags:env", "test"), ("Compression", "deflate"), ("Quantiles:0", "0.9"), ("MaxSeries", "10"));
        Assert.That(
            (options.ApiKey, options.AppKey, options.Site, options.Endpoint!.ToString(), options.Api, options.Prefix, options.Host, options.Compression, options.MaxSeries),
            Is.EqualTo(("key", "app", "datadoghq.eu", "http://localhost:8428/datadog", DatadogApi.V1, "shop", "h", DatadogCompression.Deflate, 10)));
        Assert.That(options.Tags, Is.EqualTo(new Dictionary<string, string> { ["env"] = "test" }));
        Assert.That(options.Quantiles, Is.EqualTo(new[] { 0.9 }));
    }

    private DatadogExporter Create(
        DatadogExporterOptions options, string name = "Datadog", Dictionary<string, object>? resource = null, RecordingBackend? backend = null) =>
        new(options, new ExporterContext(name) { TimeProvider = _clock, CreateHttpClient = (backend ?? _datadog).CreateClient, Resource = resource ?? [] });

    /// <summary>The value of the one point that was sent.</summary>
    private async Task<double> Export(DatadogExporter exporter, double value)
    {
        var result = await exporter.ExportAsync([Numbers("n", MetricKind.Counter, "", ("x", value))]);
        Assert.That(result.Succeeded, Is.True, result.Problem);
        return (double)JsonNode.Parse(Text(_datadog.Requests[^1]))!["series"]![0]!["points"]![0]!["value"]!;
    }

    /// <summary>One series a line.</summary>
    private static string Lines(SentRequest request) =>
        string.Join('\n', JsonNode.Parse(Text(request))!["series"]!.AsArray().Select(series => series!.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));

    private static string Text(SentRequest request)
    {
        using var body = new MemoryStream(request.Body);
        using Stream plain = request.ContentHeaders!.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
