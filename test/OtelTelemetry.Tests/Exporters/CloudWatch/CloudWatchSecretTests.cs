using System.Net;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.CloudWatch;

public class CloudWatchSecretTests
{
    private const string Key = "wJalrXUtnFEMI/SECRETKEY";
    private static readonly string s_token = "SECRETTOKEN" + new string('t', 1200);

    [Test]
    public async Task Keys_and_tokens_are_in_nothing_that_is_told_of_a_failing_run()
    {
        var options = new CloudWatchExporterOptions { Region = "eu-central-1", AccessKeyId = "AKID", SecretAccessKey = Key, SessionToken = s_token };
        foreach (var status in new[] { HttpStatusCode.Forbidden, HttpStatusCode.BadRequest, HttpStatusCode.ServiceUnavailable })
        {
            // AWS repeats the canonical request, with the token in it.
            using var cloudWatch = new RecordingBackend();
            cloudWatch.Answer = request => new HttpResponseMessage(status) { Content = new StringContent($"The canonical request should have been x-amz-security-token:{request.Header("X-Amz-Security-Token")}") };
            var said = await Utterances.Of(() => options.Create(new ExporterContext("CloudWatchSecrets") { CreateHttpClient = cloudWatch.CreateClient }));
            Assert.That(cloudWatch.Requests.Select(request => request.Header("X-Amz-Security-Token")), Is.Not.Empty.And.All.EqualTo(s_token));
            Assert.That(cloudWatch.Requests.Select(request => request.Header("Authorization")), Has.All.Contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"));
            Assert.That(said, Does.Contain("cloud_watch_secrets").And.Contain("x-amz-security-token:(hidden)"));
            Assert.That(said, Does.Not.Contain("SECRET").And.Not.Contain("tttt"));
        }

        Assert.That($"{options}", Does.Not.Contain("SECRET"));
    }
}
