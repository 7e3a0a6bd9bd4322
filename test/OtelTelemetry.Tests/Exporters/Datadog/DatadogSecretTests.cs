using System.Net;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Datadog;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Datadog;

public class DatadogSecretTests
{
    private const string ApiKey = "0123456789abcdefAPIKEY";
    private const string AppKey = "0123456789abcdefAPPKEY";

    [Test]
    public async Task Keys_are_in_nothing_that_is_told_of_a_failing_run()
    {
        // The worst there is: a server and a network that repeat what they got.
        var answers = new Func<SentRequest, HttpResponseMessage>[]
        {
            request => new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent($"Forbidden: {request.Header("DD-API-KEY")} {request.Header("DD-APPLICATION-KEY")}") },
            _ => new HttpResponseMessage(HttpStatusCode.BadRequest) { ReasonPhrase = ApiKey, Content = new StringContent(AppKey) },
            _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent(ApiKey) },
            request => throw new HttpRequestException("connection refused"),
        };
        var options = new DatadogExporterOptions { ApiKey = ApiKey, AppKey = AppKey };
        foreach (var answer in answers)
        {
            var datadog = new RecordingBackend { Answer = answer };
            var said = await Utterances.Of(() => options.Create(new ExporterContext("DatadogSecrets") { CreateHttpClient = datadog.CreateClient }));
            Assert.That(datadog.Requests.Select(request => request.Header("DD-API-KEY")), Is.Not.Empty.And.All.EqualTo(ApiKey));
            Assert.That(said, Does.Contain("datadog_secrets").And.Contain("https://api.datadoghq.com/api/v2/series").And.Contain("telemetry_dropped_total"));
            Assert.That(said, Does.Not.Contain("KEY"));
        }

        Assert.That($"{options}", Does.Not.Contain("KEY"));
    }

    [Test]
    public async Task A_key_that_is_refused_is_told_with_its_remedy_and_ends_the_export()
    {
        var datadog = new RecordingBackend();
        datadog.AnswerWith(HttpStatusCode.Forbidden, """{"errors":["Forbidden"]}""");
        await using var exporter = new DatadogExporterOptions { ApiKey = ApiKey, Compression = DatadogCompression.None }.Create(new ExporterContext("Datadog") { CreateHttpClient = datadog.CreateClient });
        var family = SomeFamilies.Numbers("n", MetricKind.Gauge, "", [.. Enumerable.Range(0, 20_000).Select(i => ($"{i}", 1.0))]);
        var result = await exporter.ExportAsync([family]);
        Assert.That(result.Problem, Is.EqualTo(
            """Datadog at https://api.datadoghq.com/api/v2/series refused the metrics (status 403: {"errors":["Forbidden"]}); give another ApiKey, one of the organisation on the site that is set (Site)"""));
        Assert.That(datadog.Requests, Has.Count.EqualTo(1));
    }
}
