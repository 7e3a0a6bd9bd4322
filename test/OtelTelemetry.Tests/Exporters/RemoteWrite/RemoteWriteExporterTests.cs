using System.Diagnostics;
using System.Net;
using IronSnappy;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.RemoteWrite;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Otlp;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.RemoteWrite;

public class RemoteWriteExporterTests : ExporterContract
{
    private const long Now = 1767323045000;
    private static readonly ActivityTraceId s_trace = ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c");
    private static readonly ActivitySpanId s_span = ActivitySpanId.CreateFromString("b7ad6b7169203331");
    private RecordingBackend _backend = null!;

    [SetUp]
    public void StartBackend() => _backend = new RecordingBackend();

    [TearDown]
    public void StopBackend() => _backend.Dispose();

    protected override MetricsExporter Create() => Create(new RemoteWriteExporterOptions());

    [Test]
    public async Task A_request_is_what_the_protocol_asks_for()
    {
        var exporter = Create(new RemoteWriteExporterOptions { Endpoint = new Uri("https://metrics.example/api/v1/push"), Headers = { ["X-Scope-OrgID"] = "shop" } });
        await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 3))]);
        var request = _backend.Requests.Single();
        Assert.That((request.Method, request.Address.AbsoluteUri), Is.EqualTo(("POST", "https://metrics.example/api/v1/push")));
        Assert.That(request.ContentHeaders!.ContentType!.ToString(), Is.EqualTo("application/x-protobuf"));
        Assert.That(request.ContentHeaders.ContentEncoding, Is.EqualTo(new[] { "snappy" }));
        Assert.That(request.Header("X-Prometheus-Remote-Write-Version"), Is.EqualTo("0.1.0"));
        Assert.That(request.Header("User-Agent"), Does.Match("^OtelTelemetry/[0-9.]+$"));
        Assert.That(request.Header("X-Scope-OrgID"), Is.EqualTo("shop"));
        Assert.That(request.Headers.Authorization, Is.Null);
    }

    [Test]
    public async Task The_delivery_counts_samples_and_no_metadata()
    {
        await using var delivery = new DeliveryMonitor(new DeliveryOptions { BreakDuration = TimeSpan.FromDays(1) });
        await using var exporter = new RemoteWriteExporter(
            new RemoteWriteExporterOptions { Endpoint = new Uri($"http://127.0.0.1:{LoopbackReceiver.FreePort()}/"), MaxSamplesPerRequest = 2, StaleMarkers = false },
            new ExporterContext("RemoteWrite") { CreateHttpClient = () => delivery.CreateHttpClient("counts_samples") });
        await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 3), ("b", 4), ("c", 5))]);
        var account = delivery.GetReport().Destinations.Single();
        Assert.That((account.Accepted, account.PendingItems, account.PendingRequests), Is.EqualTo((3L, 3L, 2L)));
    }

    [Test]
    public async Task Every_kind_has_the_names_values_and_labels_of_a_scrape()
    {
        var exporter = Create(new RemoteWriteExporterOptions { MetadataInterval = TimeSpan.Zero, ExternalLabels = { ["region"] = "eu", ["Zone"] = "1", ["label"] = "never" } });
        await exporter.ExportAsync(
        [
            SomeFamilies.Numbers("orders", MetricKind.Counter, "{order}", ("a", 3), ("b", 0)),
            SomeFamilies.Numbers("room.temperature", MetricKind.Gauge, "Cel", ("", -21.5), ("max", double.PositiveInfinity)),
            .. SomeFamilies.All.Where(family => family.Descriptor.Name is "http.request.duration" or "payment_seconds")
                .Select(family => new MetricFamily(family.Descriptor, [family.Samples[0]])),
        ]);
        Assert.That(Lines(), Is.EqualTo(new[]
        {
            $$"""http_request_duration_seconds_bucket{Zone="1",instance="i1",job="eu/shop",label="never",le="0.1",region="eu",route="/a"} 2 @{{Now}}""",
            $$"""http_request_duration_seconds_bucket{Zone="1",instance="i1",job="eu/shop",label="never",le="1",region="eu",route="/a"} 3 @{{Now}}""",
            $$"""http_request_duration_seconds_bucket{Zone="1",instance="i1",job="eu/shop",label="never",le="+Inf",region="eu",route="/a"} 4 @{{Now}}""",
            $$"""http_request_duration_seconds_sum{Zone="1",instance="i1",job="eu/shop",label="never",region="eu",route="/a"} 12.5 @{{Now}}""",
            $$"""http_request_duration_seconds_count{Zone="1",instance="i1",job="eu/shop",label="never",region="eu",route="/a"} 4 @{{Now}}""",
            $$"""orders_total{Zone="1",instance="i1",job="eu/shop",label="a",region="eu"} 3 @{{Now}}""",
            $$"""orders_total{Zone="1",instance="i1",job="eu/shop",label="b",region="eu"} 0 @{{Now}}""",
            $$"""payment_seconds{Zone="1",instance="i1",job="eu/shop",label="never",method="card",quantile="0.5",region="eu"} 0.2 @{{Now}}""",
            $$"""payment_seconds{Zone="1",instance="i1",job="eu/shop",label="never",method="card",quantile="0.99",region="eu"} 1.4 @{{Now}}""",
            $$"""payment_seconds_sum{Zone="1",instance="i1",job="eu/shop",label="never",method="card",region="eu"} 2.5 @{{Now}}""",
            $$"""payment_seconds_count{Zone="1",instance="i1",job="eu/shop",label="never",method="card",region="eu"} 7 @{{Now}}""",
            $$"""room_temperature_celsius{Zone="1",instance="i1",job="eu/shop",label="never",region="eu"} -21.5 @{{Now}}""",
            $$"""room_temperature_celsius{Zone="1",instance="i1",job="eu/shop",label="max",region="eu"} Infinity @{{Now}}""",
            $$"""target_info{Zone="1",host_name="h",instance="i1",job="eu/shop",label="never",region="eu"} 1 @{{Now}}""",
        }));
    }

    [Test]
    public async Task Labels_are_always_sorted_and_never_empty_or_twice()
    {
        await Create().ExportAsync(SomeFamilies.All);
        var series = Series();
        Assert.That(series, Has.Count.GreaterThan(30));
        foreach (var one in series)
        {
            Assert.That(one.Labels.Select(label => label.Name), Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal).And.Unique, one.ToString());
            Assert.That(one.Labels.All(label => label.Value.Length > 0), Is.True, one.ToString());
        }

        Assert.That(series.Select(one => string.Join('\n', one.Labels)), Is.Unique);
    }

    [Test]
    public async Task A_label_named_as_one_of_the_target_is_kept_under_another_name()
    {
        await Create().ExportAsync([new MetricFamily(new MetricDescriptor("jobs_total", MetricKind.Counter, "", "", SomeFamilies.Scope), [new MetricSample(SomeFamilies.Label("job", "nightly"), 1)])]);
        Assert.That(Lines()[0], Is.EqualTo($$"""jobs_total{exported_job="nightly",instance="i1",job="eu/shop"} 1 @{{Now}}"""));
    }

    [Test]
    public async Task An_exponential_histogram_is_a_native_one()
    {
        await Create().ExportAsync(SomeFamilies.All.Where(family => family.Descriptor.Name == "payload.size"));
        Assert.That(Lines()[0], Is.EqualTo($$"""payload_size_bytes{instance="i1",job="eu/shop",route="/a"} {count=6 sum=3.5 schema=2 zero=1 spans=[-2:3] deltas=[1,-1,4]} @{{Now}}"""));
    }

    [Test]
    public async Task What_is_in_no_bucket_counts_as_zero_so_that_buckets_add_up()
    {
        await Create().ExportAsync([Exponential(scale: 10, new ExponentialHistogramSample(10, 1, 1024, [1, 1, 1, 1], 7, 9))]);
        Assert.That(Lines()[0], Does.EndWith($"{{count=7 sum=9 schema=8 zero=3 spans=[257:1] deltas=[4]}} @{Now}"));
    }

    [TestCase(true, -6)]
    [TestCase(false, 2)]
    public async Task Where_a_native_one_is_not_wanted_or_not_possible_it_is_a_classic_one(bool native, int scale)
    {
        await Create(new RemoteWriteExporterOptions { NativeHistograms = native }).ExportAsync([Exponential(scale, new ExponentialHistogramSample(scale, 1, 0, [1, 2], 4, 9))]);
        var names = Series().Select(series => series.Name).Distinct();
        Assert.That(names, Is.EqualTo(new[] { "size_bytes_bucket", "size_bytes_sum", "size_bytes_count", "target_info" }));
        Assert.That(Series().Single(series => series.Labels.Contains(("le", "+Inf"))).Samples.Single().Value, Is.EqualTo(4));
    }

    [Test]
    public async Task Exemplars_stand_at_their_counter_bucket_and_native_histogram()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Now - 500);
        var exemplar = new MetricExemplar(0.7, time, s_trace, s_span);
        var earlier = new MetricExemplar(0.6, time.AddSeconds(-1), s_trace, s_span);
        var label = SomeFamilies.Label("route", "/a");
        await Create().ExportAsync(
        [
            new MetricFamily(new MetricDescriptor("a_total", MetricKind.Counter, "", "", SomeFamilies.Scope), [new MetricSample(label, 3, exemplar)]),
            new MetricFamily(new MetricDescriptor("b", MetricKind.Histogram, "", "", SomeFamilies.Scope), [new MetricSample(label, new HistogramSample([0.5, 1], [1, 1, 0], 1, [null, exemplar, null]))]),
            new MetricFamily(new MetricDescriptor("c", MetricKind.ExponentialHistogram, "", "", SomeFamilies.Scope), [new MetricSample(label, new ExponentialHistogramSample(0, 0, -1, [2], 2, 1.3, [exemplar, earlier]))]),
        ]);
        var text = $$"""# {span_id="b7ad6b7169203331",trace_id="0af7651916cd43dd8448eb211c80319c"} 0.7 @{{Now - 500}}""";
        Assert.That(Lines().Where(line => line.Contains('#', StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $$"""a_total{instance="i1",job="eu/shop",route="/a"} 3 @{{Now}} {{text}}""",
            $$"""b_bucket{instance="i1",job="eu/shop",le="1",route="/a"} 2 @{{Now}} {{text}}""",
            $$"""c{instance="i1",job="eu/shop",route="/a"} {count=2 sum=1.3 schema=0 zero=0 spans=[0:1] deltas=[2]} @{{Now}} {{text.Replace("0.7", "0.6", StringComparison.Ordinal).Replace($"@{Now - 500}", $"@{Now - 1500}", StringComparison.Ordinal)}} {{text}}""",
        }));
    }

    [Test]
    public async Task Timestamps_grow_even_when_the_clock_does_not()
    {
        var exporter = Create();
        MetricFamily[] families = [SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 3))];
        await exporter.ExportAsync(families);
        await exporter.ExportAsync(families);
        Clock.Advance(TimeSpan.FromSeconds(-10));
        await exporter.ExportAsync(families);
        Clock.Advance(TimeSpan.FromSeconds(25));
        await exporter.ExportAsync(families);
        Assert.That(Series().Where(series => series.Name == "orders_total").Select(series => series.Samples.Single().Timestamp), Is.EqualTo(new[] { Now, Now + 1, Now + 2, Now + 15_000 }));
    }

    [Test]
    public async Task A_series_that_is_gone_is_ended_once()
    {
        var exporter = Create(new RemoteWriteExporterOptions { TargetInfo = false });
        await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 3), ("b", 4))]);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("b", 5))]);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await exporter.ExportAsync([SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("b", 6))]);
        Assert.That(Lines().Where(line => line.Contains("\"a\"", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $$"""orders_total{instance="i1",job="eu/shop",label="a"} 3 @{{Now}}""",
            $$"""orders_total{instance="i1",job="eu/shop",label="a"} stale @{{Now + 15_000}}""",
        }));
    }

    [Test]
    public async Task The_end_ends_every_series_native_ones_as_such()
    {
        var exporter = Create();
        await exporter.ExportAsync(SomeFamilies.All);
        var before = Series();
        await exporter.DisposeAsync();
        var ended = Series().Skip(before.Count).ToArray();
        Assert.That(ended.Select(series => string.Join('\n', series.Labels)), Is.EquivalentTo(before.Select(series => string.Join('\n', series.Labels))));
        Assert.That(ended.All(series => series.IsStale), Is.True);
        Assert.That(ended.Single(series => series.Name == "payload_size_bytes").Histograms, Has.Count.EqualTo(1));
        Assert.That(before.Any(series => series.IsStale), Is.False);
    }

    [Test]
    public async Task Without_markers_nothing_is_sent_at_the_end()
    {
        var exporter = Create(new RemoteWriteExporterOptions { StaleMarkers = false });
        await exporter.ExportAsync(SomeFamilies.All);
        var requests = _backend.Requests.Count;
        await exporter.DisposeAsync();
        Assert.That(_backend.Requests, Has.Count.EqualTo(requests));
    }

    [Test]
    public async Task A_measured_NaN_ends_no_series()
    {
        await Create().ExportAsync([SomeFamilies.Numbers("g", MetricKind.Gauge, "", ("a", BitConverter.UInt64BitsToDouble(0x7ff0000000000002)), ("b", double.NaN))]);
        Assert.That(Series().Where(series => series.Name == "g").Select(series => BitConverter.DoubleToUInt64Bits(series.Samples.Single().Value)), Is.All.EqualTo(0x7ff8000000000001));
    }

    [Test]
    public async Task A_series_that_comes_twice_is_sent_once_and_counted()
    {
        var before = TelemetryLosses.Counted("metrics", "remote_write", "duplicate_series");
        await Create().ExportAsync([new MetricFamily(new MetricDescriptor("a_total", MetricKind.Counter, "", "", SomeFamilies.Scope), [new MetricSample([], 3), new MetricSample(SomeFamilies.Label("x", ""), 4)])]);
        Assert.That(Series().Where(series => series.Name == "a_total").Select(series => series.Samples.Single().Value), Is.EqualTo(new[] { 3 }));
        Assert.That(TelemetryLosses.Counted("metrics", "remote_write", "duplicate_series") - before, Is.EqualTo(1));
    }

    [Test]
    public async Task Metadata_is_sent_at_first_and_then_on_its_interval()
    {
        var exporter = Create();
        foreach (var _ in Enumerable.Range(0, 9))
        {
            await exporter.ExportAsync([SomeFamilies.Numbers("orders", MetricKind.Counter, "s", ("a", 1)), SomeFamilies.Numbers("depth", MetricKind.UpDownCounter, "", ("a", 1))]);
            Clock.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.That(_backend.Requests.Select(request => Decode(request).Metadata.Count), Is.EqualTo(new[] { 2, 0, 0, 0, 2, 0, 0, 0, 2 }));
        const string help = "Help with \"quotes\", a \\ and a\nnew line.";
        Assert.That(Decode(_backend.Requests[0]).Metadata, Is.EqualTo(new[] { (2, "depth", help, ""), (1, "orders_seconds_total", help, "seconds") }));
    }

    [Test]
    public async Task Metadata_that_was_not_taken_is_sent_again()
    {
        var exporter = Create();
        _backend.AnswerWith(HttpStatusCode.ServiceUnavailable);
        await exporter.ExportAsync(SomeFamilies.All);
        _backend.AnswerWith(HttpStatusCode.NoContent);
        await exporter.ExportAsync(SomeFamilies.All);
        Assert.That(Decode(_backend.Requests[^1]).Metadata, Is.Not.Empty);
    }

    [Test]
    public async Task Requests_keep_both_bounds_and_lose_nothing()
    {
        var family = SomeFamilies.Numbers("many_total", MetricKind.Counter, "", [.. Enumerable.Range(0, 1000).Select(i => ($"value {i}", (double)i))]);
        var bySamples = Create(new RemoteWriteExporterOptions { MaxSamplesPerRequest = 70 });
        await bySamples.ExportAsync([family]);
        Assert.That(_backend.Requests.Select(request => Decode(request).Count), Is.All.InRange(1, 70));
        Assert.That(Series().Count(series => series.Name == "many_total"), Is.EqualTo(1000));

        var first = _backend.Requests.Count;
        var byBytes = Create(new RemoteWriteExporterOptions { MaxRequestBytes = 2000 });
        var result = await byBytes.ExportAsync([family]);
        var requests = _backend.Requests.Skip(first).ToArray();
        Assert.That(requests.Select(request => Snappy.Decode(request.Body).Length), Is.All.InRange(1, 2000));
        Assert.That(requests.SelectMany(request => Decode(request).Series).Where(series => series.Name == "many_total").Select(series => series.Samples.Single().Value), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That((result.Items, result.Bytes), Is.EqualTo((1000L, (long)requests.Sum(request => request.Body.Length))));
    }

    [Test]
    public async Task A_series_larger_than_a_request_is_left_out_and_counted()
    {
        var before = TelemetryLosses.Counted("metrics", "remote_write", "too_large");
        await Create(new RemoteWriteExporterOptions { MaxRequestBytes = 1024 }).ExportAsync([SomeFamilies.Numbers("a_total", MetricKind.Counter, "", (new string('x', 2000), 1), ("y", 2))]);
        Assert.That(Series().Where(series => series.Name == "a_total").Select(series => series.Samples.Single().Value), Is.EqualTo(new[] { 2 }));
        Assert.That(TelemetryLosses.Counted("metrics", "remote_write", "too_large") - before, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_refused_is_told_and_the_other_requests_go_on()
    {
        _backend.Answer = _ => new HttpResponseMessage(_backend.Requests.Count == 1 ? HttpStatusCode.BadRequest : HttpStatusCode.NoContent) { Content = new StringContent("out of order sample\n") };
        var exporter = Create(new RemoteWriteExporterOptions { MaxSamplesPerRequest = 10, MetadataInterval = TimeSpan.Zero, TargetInfo = false });
        var result = await exporter.ExportAsync([SomeFamilies.Numbers("many_total", MetricKind.Counter, "", [.. Enumerable.Range(0, 30).Select(i => ($"{i}", (double)i))])]);
        Assert.That(_backend.Requests, Has.Count.EqualTo(3));
        Assert.That((result.Succeeded, result.Items), Is.EqualTo((false, 20L)));
        Assert.That(result.Problem, Is.EqualTo(
            "the remote write receiver at http://localhost:9090/api/v1/write refused the metrics (status 400: out of order sample); the same request would be refused again, so it is not repeated"));
    }

    [TestCase(HttpStatusCode.InternalServerError)]
    [TestCase(HttpStatusCode.TooManyRequests)]
    public async Task What_nobody_can_take_now_is_told_and_no_more_is_sent(HttpStatusCode status)
    {
        _backend.AnswerWith(status);
        var exporter = Create(new RemoteWriteExporterOptions { MaxSamplesPerRequest = 10 });
        var result = await exporter.ExportAsync([SomeFamilies.Numbers("many_total", MetricKind.Counter, "", [.. Enumerable.Range(0, 30).Select(i => ($"{i}", (double)i))])]);
        Assert.That(_backend.Requests, Has.Count.EqualTo(1));
        Assert.That(result.Problem, Is.EqualTo($"the remote write receiver at http://localhost:9090/api/v1/write could not take the metrics (status {(int)status}); they may be taken later"));
    }

    [Test]
    public async Task Nobody_at_the_address_is_told()
    {
        _backend.Answer = _ => throw new HttpRequestException("Connection refused");
        var result = await Create().ExportAsync(SomeFamilies.All);
        Assert.That(result.Problem, Is.EqualTo(
            "the remote write receiver at http://localhost:9090/api/v1/write could not be reached (Connection refused): see whether it runs, and whether the address is right"));
        Assert.That(result.Cause, Is.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task User_or_token_are_sent_and_never_shown()
    {
        _backend.Answer = request => new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StringContent($"I got {request.Header("Authorization")} and {request.Header("X-Key")}{(request.Header("X-Key") is null ? "" : ", pass-word")}") };
        var results = new List<MetricsExportResult>
        {
            await Create(new RemoteWriteExporterOptions { Username = "shop", Password = "pass-word", Headers = { ["X-Key"] = "key-value" } }).ExportAsync(SomeFamilies.All),
            await Create(new RemoteWriteExporterOptions { BearerToken = "token-value" }).ExportAsync(SomeFamilies.All),
        };
        Assert.That(_backend.Requests.Select(request => request.Header("Authorization")).Distinct(), Is.EqualTo(new[] { "Basic c2hvcDpwYXNzLXdvcmQ=", "Bearer token-value" }));
        foreach (var result in results)
        {
            Assert.That(result.ToString(), Does.Contain("(status 401").And.Contain("give Username and Password, or BearerToken")
                .And.Not.Contain("pass-word").And.Not.Contain("c2hvcDpwYXNzLXdvcmQ").And.Not.Contain("key-value").And.Not.Contain("token-value"));
        }
    }

    [Test]
    public void Wrong_settings_are_told_all_at_once_without_secrets()
    {
        var options = new RemoteWriteExporterOptions
        {
            Endpoint = new Uri("http://shop:pass-word@localhost/"), Username = "a:b", BearerToken = "token\nvalue", Prefix = "1", MaxRequestBytes = 1, MaxSamplesPerRequest = 0,
            MetadataInterval = TimeSpan.FromSeconds(-1), ExternalLabels = { ["a b"] = "1" }, Headers = { ["X-Key"] = "key\nvalue" },
        };
        var message = Assert.Throws<ArgumentException>(() => Create(options))!.Message;
        foreach (var property in new[] { "Endpoint", "Username", "BearerToken", "Prefix", "MaxRequestBytes", "MaxSamplesPerRequest", "MetadataInterval", "ExternalLabels:a b", "Headers" })
        {
            Assert.That(message, Does.Contain($"RemoteWriteExporterOptions.{property}: "));
        }

        Assert.That(message, Does.Not.Contain("pass-word").And.Not.Contain("key\nvalue").And.Not.Contain("token\nvalue"));
    }

    private RemoteWriteExporter Create(RemoteWriteExporterOptions options) => new(options, new ExporterContext("RemoteWrite")
    {
        TimeProvider = Clock,
        CreateHttpClient = _backend.CreateClient,
        Resource = new Dictionary<string, object> { ["service.name"] = "shop", ["service.namespace"] = "eu", ["service.instance.id"] = "i1", ["host.name"] = "h" },
    });

    private static MetricFamily Exponential(int scale, ExponentialHistogramSample sample)
    {
        Assert.That(sample.Scale, Is.EqualTo(scale));
        return new MetricFamily(new MetricDescriptor("size", MetricKind.ExponentialHistogram, "By", "", SomeFamilies.Scope), [new MetricSample(SomeFamilies.Label("route", "/a"), sample)]);
    }

    private static WriteRequest Decode(SentRequest request) => WriteRequestReader.Read(Snappy.Decode(request.Body));

    private List<WrittenSeries> Series() => [.. _backend.Requests.SelectMany(request => Decode(request).Series)];

    private string[] Lines() => [.. Series().Select(series => series.ToString())];
}
