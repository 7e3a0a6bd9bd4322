using System.Net;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Pushgateway;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Pushgateway;

public class PushgatewayExporterTests : ExporterContract
{
    private RecordingBackend _backend = null!;

    private static MetricFamily[] Orders => [SomeFamilies.Numbers("orders_total", MetricKind.Counter, "", ("a", 3))];

    [SetUp]
    public void StartBackend() => _backend = new RecordingBackend();

    [TearDown]
    public void StopBackend() => _backend.Dispose();

    protected override MetricsExporter Create() => Create(new PushgatewayExporterOptions());

    [Test]
    public async Task The_text_of_a_scrape_is_put_in_the_service_s_group()
    {
        var result = await Create().ExportAsync(Orders);
        var request = _backend.Requests.Single();
        const string expected = """
            # HELP target_info Target metadata
            # TYPE target_info gauge
            target_info{service_name="nightly"} 1
            # HELP orders_total Help with "quotes", a \\ and a\nnew line.
            # TYPE orders_total counter
            orders_total{label="a"} 3

            """;
        Assert.That((request.Method, request.Address.AbsoluteUri, request.Text), Is.EqualTo(("PUT", "http://localhost:9091/metrics/job/nightly", expected)));
        Assert.That(request.ContentHeaders!.ContentType!.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(result, Is.EqualTo(MetricsExportResult.Success(1, expected.Length)));
    }

    [Test]
    public async Task A_group_is_named_by_job_and_labels_odd_ones_in_base64()
    {
        await Create(new PushgatewayExporterOptions
        {
            Endpoint = new Uri("https://push.example/gateway/"), Job = "a/b c", Replace = false, Grouping = { ["path"] = "/var/tmp", ["empty"] = "", ["instance"] = "host-1.x", ["dots"] = ".." },
        }).ExportAsync(Orders);
        var request = _backend.Requests.Single();
        Assert.That(request.Method, Is.EqualTo("POST"));
        Assert.That(request.Address.AbsoluteUri, Is.EqualTo("https://push.example/gateway/metrics/job@base64/YS9iIGM/dots@base64/Li4/empty@base64/=/instance/host-1.x/path@base64/L3Zhci90bXA"));
    }

    [Test]
    public async Task Nothing_is_pushed_where_there_is_nothing()
    {
        var result = await Create().ExportAsync([SomeFamilies.Numbers("without_series", MetricKind.Counter, "")]);
        Assert.That((result.Succeeded, _backend.Requests.Count), Is.EqualTo((true, 0)));
    }

    [Test]
    public async Task The_group_is_deleted_at_the_end_where_that_is_wanted()
    {
        var exporter = Create(new PushgatewayExporterOptions { DeleteOnShutdown = true });
        await exporter.ExportAsync(Orders);
        await exporter.DisposeAsync();
        await exporter.DisposeAsync();
        Assert.That(_backend.Requests.Select(request => $"{request.Method} {request.Address.AbsolutePath}"), Is.EqualTo(new[] { "PUT /metrics/job/nightly", "DELETE /metrics/job/nightly" }));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Otherwise_it_stays(bool pushed, bool delete)
    {
        var exporter = Create(new PushgatewayExporterOptions { DeleteOnShutdown = delete });
        if (pushed) await exporter.ExportAsync(Orders);
        await exporter.DisposeAsync();
        Assert.That(_backend.Requests.Select(request => request.Method), Does.Not.Contain("DELETE"));
    }

    [Test]
    public async Task Who_pushes_is_told_to_the_gateway_only()
    {
        _backend.Answer = request => new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StringContent("no: " + request.Header("Authorization")) };
        var result = await Create(new PushgatewayExporterOptions { Username = "shop", Password = "pass-word" }).ExportAsync(Orders);
        Assert.That(_backend.Requests.Single().Header("Authorization"), Is.EqualTo("Basic c2hvcDpwYXNzLXdvcmQ="));
        Assert.That(result.Problem, Is.EqualTo("the Pushgateway at http://localhost:9091/metrics/job/nightly refused the metrics (status 401: no: Basic (hidden)); give Username and Password, or BearerToken, or other ones"));
    }

    [Test]
    public async Task What_the_gateway_refuses_is_told_in_its_words()
    {
        _backend.AnswerWith(HttpStatusCode.BadRequest, "text format parsing error in line 3: unexpected end of input stream\n");
        var result = await Create().ExportAsync(Orders);
        Assert.That(result.Problem, Does.Contain("(status 400: text format parsing error in line 3: unexpected end of input stream)"));
    }

    [Test]
    public void Wrong_settings_are_told_all_at_once() => Assert.That(
        () => Create(new PushgatewayExporterOptions { Endpoint = new Uri("ftp://localhost"), Job = " ", Grouping = { ["job"] = "x", ["a-b"] = "y" }, Password = "pass-word" }),
        Throws.ArgumentException.With.Message.Contains("Endpoint: 'ftp' is not a scheme").And.Message.Contains("Job: it is empty")
            .And.Message.Contains("Grouping:job: the job has a setting of its own").And.Message.Contains("Grouping:a-b: 'a-b' is not a label's name")
            .And.Message.Contains("Username: there is a password for nobody").And.Message.Not.Contains("pass-word"));

    private PushgatewayExporter Create(PushgatewayExporterOptions options) => new(options, new ExporterContext("Pushgateway")
    {
        TimeProvider = Clock,
        CreateHttpClient = _backend.CreateClient,
        Resource = new Dictionary<string, object> { ["service.name"] = "nightly" },
    });
}
