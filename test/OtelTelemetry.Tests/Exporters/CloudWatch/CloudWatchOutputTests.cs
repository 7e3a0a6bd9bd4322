using System.IO.Compression;
using System.Net;
using System.Text;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Exporters.StatsD;
using OtelTelemetry.Tests.Support;
using static OtelTelemetry.Tests.Support.SomeFamilies;

namespace OtelTelemetry.Tests.Exporters.CloudWatch;

public class CloudWatchOutputTests
{
    private FakeClock _clock = null!;
    private RecordingBackend _cloudWatch = null!;

    [SetUp]
    public void CreateServer() => (_clock, _cloudWatch) = (new FakeClock(), new RecordingBackend());

    [TearDown]
    public void DisposeServer() => _cloudWatch.Dispose();

    [Test]
    public async Task The_whole_request_is_as_documented()
    {
        await using var exporter = Create(new() { Namespace = "My Shop", Dimensions = { ["env"] = "test" } });
        Assert.That((await exporter.ExportAsync(StatsDOutputTests.OneOfEach)).Items, Is.EqualTo(11));
        var request = _cloudWatch.Requests.Single();
        Assert.That(
            (request.Method, request.Address.ToString(), request.ContentHeaders!.ContentType!.ToString(), request.ContentHeaders.ContentEncoding.Single(), request.Header("X-Amz-Date")),
            Is.EqualTo(("POST", "https://monitoring.eu-central-1.amazonaws.com/", "application/x-www-form-urlencoded; charset=utf-8", "gzip", "20260102T030405Z")));
        Assert.That(request.Header("Authorization"), Does.Match(
            "^AWS4-HMAC-SHA256 Credential=AKID/20260102/eu-central-1/monitoring/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$"));
        Assert.That(Parameters(request), Is.EqualTo("""
            Action=PutMetricData
            Version=2010-08-01
            Namespace=My Shop
            1 MetricName=requests_total Dimensions.1.Name=label Dimensions.1.Value=GET Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=5 Unit=Count
            2 MetricName=requests_total Dimensions.1.Name=label Dimensions.1.Value=/a b Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=0 Unit=Count
            3 MetricName=temperature Dimensions.1.Name=label Dimensions.1.Value=oven Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=21.5 Unit=None
            4 MetricName=temperature Dimensions.1.Name=label Dimensions.1.Value=freezer Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=-18 Unit=None
            5 MetricName=open.connections Dimensions.1.Name=label Dimensions.1.Value=a Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=3 Unit=Count
            6 MetricName=http.request.duration Dimensions.1.Name=route Dimensions.1.Value=a Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z StatisticValues.SampleCount=4 StatisticValues.Sum=12.5 StatisticValues.Minimum=0 StatisticValues.Maximum=3.125 Unit=Seconds
            7 MetricName=payload.size Dimensions.1.Name=route Dimensions.1.Value=a Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z StatisticValues.SampleCount=6 StatisticValues.Sum=3.5 StatisticValues.Minimum=0 StatisticValues.Maximum=4 Unit=Bytes
            8 MetricName=payment_seconds.count Dimensions.1.Name=method Dimensions.1.Value=card Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=7 Unit=Count
            9 MetricName=payment_seconds.sum Dimensions.1.Name=method Dimensions.1.Value=card Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=2.5 Unit=Seconds
            10 MetricName=payment_seconds.p50 Dimensions.1.Name=method Dimensions.1.Value=card Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=0.2 Unit=Seconds
            11 MetricName=payment_seconds.p99_9 Dimensions.1.Name=method Dimensions.1.Value=card Dimensions.2.Name=env Dimensions.2.Value=test Timestamp=2026-01-02T03:04:05.000Z Value=1.4 Unit=Seconds
            """));
    }

    [Test]
    public async Task Histograms_may_be_sent_as_values_with_their_counts()
    {
        await using var exporter = Create(new() { Namespace = "n", Histograms = CloudWatchHistograms.ValuesAndCounts, StorageResolution = 1, Compress = false });
        await exporter.ExportAsync(StatsDOutputTests.OneOfEach.Skip(3).Take(2));
        Assert.That(Parameters(_cloudWatch.Requests.Single()), Is.EqualTo("""
            Action=PutMetricData
            Version=2010-08-01
            Namespace=n
            1 MetricName=http.request.duration Dimensions.1.Name=route Dimensions.1.Value=a Timestamp=2026-01-02T03:04:05.000Z Values.1=0.05 Counts.1=2 Values.2=0.55 Counts.2=1 Values.3=1 Counts.3=1 Unit=Seconds StorageResolution=1
            2 MetricName=payload.size Dimensions.1.Name=route Dimensions.1.Value=a Timestamp=2026-01-02T03:04:05.000Z Values.1=0 Counts.1=1 Values.2=0.75 Counts.2=2 Values.3=3 Counts.3=3 Unit=Bytes StorageResolution=1
            """));
    }

    [Test]
    public async Task A_histogram_with_more_values_than_one_metric_takes_is_sent_in_pieces()
    {
        await using var exporter = Create(new() { Histograms = CloudWatchHistograms.ValuesAndCounts, Compress = false });
        var family = new MetricFamily(
            new MetricDescriptor("h", MetricKind.ExponentialHistogram, "", "", Scope),
            [new MetricSample([], new ExponentialHistogramSample(3, 0, 0, Enumerable.Repeat(1L, 160), 160, 1000))]);
        Assert.That((await exporter.ExportAsync([family])).Items, Is.EqualTo(2));
        var text = Parameters(_cloudWatch.Requests.Single());
        Assert.That(text, Does.Contain("Values.150=").And.Contain("2 MetricName=h").And.Not.Contain("Values.151="));
        Assert.That(text.Split("Values.").Length - 1, Is.EqualTo(160));
    }

    [Test]
    public async Task Only_what_came_on_top_is_sent_and_what_is_refused_comes_with_the_next()
    {
        await using var exporter = Create(new() { Compress = false });
        MetricFamily[] Families(double counter, long bucket, double sum) =>
        [
            Numbers("n", MetricKind.Counter, "", ("x", counter)),
            new MetricFamily(new MetricDescriptor("h", MetricKind.Histogram, "", "", Scope), [new MetricSample([], new HistogramSample([1, 2], [5, bucket, 0], sum))]),
        ];
        await exporter.ExportAsync(Families(10, 0, 2));
        _cloudWatch.AnswerWith(HttpStatusCode.BadRequest, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>");
        Assert.That((await exporter.ExportAsync(Families(12, 2, 5))).Succeeded, Is.False);
        _cloudWatch.AnswerWith(HttpStatusCode.OK);
        await exporter.ExportAsync(Families(15, 3, 6.5));
        var text = Parameters(_cloudWatch.Requests[^1]);
        Assert.That(text, Does.Contain("1 MetricName=n Dimensions.1.Name=label Dimensions.1.Value=x Timestamp=2026-01-02T03:04:05.000Z Value=5 Unit=Count"));
        Assert.That(text, Does.Contain("StatisticValues.SampleCount=3 StatisticValues.Sum=4.5 StatisticValues.Minimum=1 StatisticValues.Maximum=2"));
        Assert.That((await exporter.ExportAsync(Families(15, 3, 6.5))).Items, Is.Zero);
    }

    [Test]
    public async Task No_request_has_more_than_a_thousand_metrics_or_a_million_bytes()
    {
        await using var exporter = Create(new() { Compress = false });
        var small = Numbers("small", MetricKind.Gauge, "", [.. Enumerable.Range(0, 2500).Select(i => ($"{i}", (double)i))]);
        var large = Numbers("large", MetricKind.Gauge, "", [.. Enumerable.Range(0, 2500).Select(i => ($"{i} {new string('/', 1000)}", (double)i))]);
        var result = await exporter.ExportAsync([small, large]);
        Assert.That((result.Succeeded, result.Items), Is.EqualTo((true, 5000L)), result.Problem);
        var requests = _cloudWatch.Requests.Select(request => (Metrics: request.Text.Split(".MetricName=").Length - 1, request.Body.Length)).ToArray();
        Assert.That(requests.Select(request => request.Metrics), Has.All.LessThanOrEqualTo(1000));
        Assert.That(requests.Select(request => request.Length), Has.All.LessThanOrEqualTo(1_000_000));
        Assert.That(requests.Sum(request => request.Metrics), Is.EqualTo(5000));
        Assert.That(requests.Take(2).Select(request => request.Metrics), Is.EqualTo(new[] { 1000, 1000 }));
    }

    [Test]
    public async Task What_CloudWatch_does_not_take_is_left_out_and_counted()
    {
        await using var exporter = Create(new() { Compress = false }, "CloudWatchLosses");
        var wide = new MetricFamily(new MetricDescriptor("wide", MetricKind.Gauge, "", "", Scope), [new MetricSample(Enumerable.Range(0, 31).Select(i => KeyValuePair.Create($"l{i}", "v")), 1)]);
        var widest = new MetricFamily(new MetricDescriptor("widest", MetricKind.Gauge, "", "", Scope), [new MetricSample(Enumerable.Range(0, 30).Select(i => KeyValuePair.Create($"l{i}", "v")), 1)]);
        await exporter.ExportAsync([Numbers("g", MetricKind.Gauge, "", ("nan", double.NaN), ("up", double.PositiveInfinity), ("max", double.MaxValue), ("tiny", double.Epsilon)), wide, widest]);
        var text = Parameters(_cloudWatch.Requests.Single());
        Assert.That(text, Does.Contain("1 MetricName=g Dimensions.1.Name=label Dimensions.1.Value=tiny Timestamp=2026-01-02T03:04:05.000Z Value=0 Unit=None"));
        Assert.That(text, Does.Contain("2 MetricName=widest").And.Contain("Dimensions.30.Name=l29").And.Not.Contain("\n3 "));
        foreach (var (reason, count) in new[] { ("not_a_number", 1), ("infinite", 1), ("out_of_range", 1), ("too_many_dimensions", 1) })
        {
            Assert.That(TelemetryLosses.Counted("metrics", exporter.Name, reason), Is.EqualTo(count), reason);
        }
    }

    [Test]
    public async Task Dimensions_are_printable_ASCII_of_a_bounded_length_each_name_once_and_none_without_a_value()
    {
        await using var exporter = Create(new() { Compress = false, Dimensions = { ["env"] = "test" } });
        var family = new MetricFamily(
            new MetricDescriptor("g", MetricKind.Gauge, "", "", Scope),
            [new MetricSample([new(":n\u00e4me", ":\u00fc\n"), new("empty", ""), new("blank", "  "), new("env", "own"), new("long", new string('x', 2000)), new("long", "again")], 1)]);
        await exporter.ExportAsync([family]);
        Assert.That(Parameters(_cloudWatch.Requests.Single()), Does.Contain(
            $"1 MetricName=g Dimensions.1.Name=_n_me Dimensions.1.Value=___ Dimensions.2.Name=env Dimensions.2.Value=own Dimensions.3.Name=long Dimensions.3.Value={new string('x', 1024)} Timestamp="));
    }

    [TestCase("", MetricKind.Counter, "Count")]
    [TestCase("", MetricKind.Gauge, "None")]
    [TestCase("1", MetricKind.Gauge, "None")]
    [TestCase("s", MetricKind.Gauge, "Seconds")]
    [TestCase("ms", MetricKind.Gauge, "Milliseconds")]
    [TestCase("ns", MetricKind.Gauge, "None")]
    [TestCase("By", MetricKind.Gauge, "Bytes")]
    [TestCase("KiBy", MetricKind.Gauge, "None")]
    [TestCase("MBy/s", MetricKind.Gauge, "Megabytes/Second")]
    [TestCase("%", MetricKind.Gauge, "Percent")]
    [TestCase("{request}", MetricKind.Gauge, "Count")]
    [TestCase("{request}/s", MetricKind.Gauge, "Count/Second")]
    public void Units_have_CloudWatch_s_names(string unit, MetricKind kind, string expected) =>
        Assert.That(CloudWatchUnits.Of(new MetricDescriptor("n", kind, unit, "", Scope)), Is.EqualTo(expected));

    [TestCase(null, "my shop", "my shop")]
    [TestCase(null, "AWS/Sh\u00f6p", "_Sh_p")]
    [TestCase(null, null, "OtelTelemetry")]
    [TestCase("Mine", "shop", "Mine")]
    public void The_namespace_is_the_one_that_is_set_or_the_service(string? set, string? service, string expected) =>
        Assert.That(CloudWatchSettings.NamespaceOf(set, service is null ? new Dictionary<string, object>() : new() { ["service.name"] = service }), Is.EqualTo(expected));

    [Test]
    public async Task The_address_is_the_region_s_or_the_one_that_is_set()
    {
        await using (var china = Create(new() { Region = "cn-north-1" })) await china.ExportAsync([Numbers("g", MetricKind.Gauge, "", ("x", 1))]);
        await using (var own = Create(new() { Endpoint = new("http://localhost:4566") })) await own.ExportAsync([Numbers("g", MetricKind.Gauge, "", ("x", 1))]);
        Assert.That(_cloudWatch.Requests.Select(request => request.Address.ToString()), Is.EqualTo(new[] { "https://monitoring.cn-north-1.amazonaws.com.cn/", "http://localhost:4566/" }));
    }

    [Test]
    public void Wrong_settings_are_refused_all_at_once_and_keys_are_not_shown()
    {
        var options = new CloudWatchExporterOptions
        {
            Namespace = "AWS/EC2", Region = "Frankfurt", SecretAccessKey = "HIDDENKEY", StorageResolution = 5, Dimensions = { [":x"] = "y" }, Endpoint = new("ftp://x"),
        };
        Assert.That(() => options.Create(new ExporterContext("CloudWatch")), Throws.ArgumentException.With.Message.EqualTo(string.Join(
            Environment.NewLine,
            "CloudWatchExporterOptions.Namespace: 'AWS/EC2' is not a namespace. Allowed: 1 to 255 letters, digits, blanks and . - _ / # :, not beginning with ':' or 'AWS/'.",
            "CloudWatchExporterOptions.Dimensions: ':x' is not a dimension CloudWatch takes. Allowed: names of 1 to 255 and values of 1 to 1024 printable ASCII characters, not beginning with ':'.",
            "CloudWatchExporterOptions.StorageResolution: 5 is no resolution of CloudWatch's. Allowed: 1, 60.",
            "CloudWatchExporterOptions.Region: 'Frankfurt' is not a region. Allowed: a region such as eu-central-1.",
            "CloudWatchExporterOptions.AccessKeyId: there is a key (hidden) without its id. Allowed: AccessKeyId and SecretAccessKey together, or neither, for what AWS's SDK finds.",
            "CloudWatchExporterOptions.Endpoint: 'ftp' is not a scheme the exporter speaks. Allowed: an http or https address such as https://monitoring.eu-central-1.amazonaws.com.") + " (Parameter 'options')"));
    }

    [Test]
    public void Every_setting_is_read()
    {
        CloudWatchExporterBuilderExtensions.MakeKnown();
        var options = ExporterSettings.Read<CloudWatchExporterOptions>(
            "CloudWatch",
            ("Namespace", "n"), ("Region", "eu-west-1"), ("AccessKeyId", "id"), ("SecretAccessKey", "key"), ("SessionToken", "token"), ("Endpoint", "http://localhost:1"),
            ("Dimensions:env", "test"), ("Histograms", "valuesandcounts"), ("StorageResolution", "1"), ("Compress", "false"), ("MaxSeries", "10"));
        Assert.That(
            (options.Namespace, options.Region, options.AccessKeyId, options.SecretAccessKey, options.SessionToken, options.Endpoint!.ToString(), options.Histograms, options.StorageResolution, options.Compress, options.MaxSeries),
            Is.EqualTo(("n", "eu-west-1", "id", "key", "token", "http://localhost:1/", CloudWatchHistograms.ValuesAndCounts, 1, false, 10)));
        Assert.That((options.Dimensions["env"], options.Interval), Is.EqualTo(("test", TimeSpan.FromMinutes(1))));
    }

    private CloudWatchExporter Create(CloudWatchExporterOptions options, string name = "CloudWatch")
    {
        options.Region ??= "eu-central-1";
        options.AccessKeyId = "AKID";
        options.SecretAccessKey = "key";
        return new(options, new ExporterContext(name) { TimeProvider = _clock, CreateHttpClient = _cloudWatch.CreateClient });
    }

    /// <summary>The parameters of a request for people: one metric a line.</summary>
    private static string Parameters(SentRequest request)
    {
        using Stream body = new MemoryStream(request.Body);
        using var reader = new StreamReader(request.ContentHeaders!.ContentEncoding.Count > 0 ? new GZipStream(body, CompressionMode.Decompress) : body, Encoding.UTF8);
        var text = new StringBuilder();
        var last = "";
        foreach (var parameter in reader.ReadToEnd().Split('&'))
        {
            var (name, value) = (parameter.Split('=')[0], Uri.UnescapeDataString(parameter.Split('=')[1]));
            const string metric = "MetricData.member.";
            var number = name.StartsWith(metric, StringComparison.Ordinal) ? name[metric.Length..].Split('.')[0] : "";
            var shown = number.Length == 0 ? name : name[(metric.Length + number.Length + 1)..].Replace(".member.", ".", StringComparison.Ordinal);
            if (text.Length > 0) text.Append(number.Length > 0 && number == last ? ' ' : '\n');
            if (number.Length > 0 && number != last) text.Append(number).Append(' ');
            text.Append(shown).Append('=').Append(value);
            last = number;
        }

        return text.ToString();
    }
}
