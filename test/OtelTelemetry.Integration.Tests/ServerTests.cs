using System.Net;
using System.Net.Http.Headers;
using OtelTelemetry.Integration.Tests.Servers;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The judges themselves: what is wrong must not pass them.</summary>
[TestFixture]
public sealed class ServerTests
{
    [TestCase("/v1/traces", "application/x-protobuf", HttpStatusCode.BadRequest)]
    [TestCase("/v1/metrics", "application/x-protobuf", HttpStatusCode.BadRequest)]
    [TestCase("/v1/logs", "application/x-protobuf", HttpStatusCode.BadRequest)]
    [TestCase("/v1/traces", "text/plain", HttpStatusCode.BadRequest)]
    [TestCase("/v1/profiles", "application/x-protobuf", HttpStatusCode.NotFound)]
    public async Task The_receiver_refuses_what_is_not_OTLP(string path, string contentType, HttpStatusCode status)
    {
        await using var receiver = await OtlpReceiver.Start();
        using var http = new HttpClient { BaseAddress = receiver.HttpEndpoint };
        using var content = new ByteArrayContent([0x0a, 0xff, 0x01, 0x02]);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);

        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(await receiver.Exports(), Is.Empty);
    }

    [TestCase("# HELP good_total Help.\n# TYPE good_total counter\ngood_total 1\n", 0)]
    [TestCase("# HELP bad Help.\n# TYPE bad counter\nbad 1\n", 3)]
    [TestCase("a line that is no sample\n", 1)]
    public async Task Promtool_tells_good_from_bad(string text, int exitCode)
    {
        Assert.That((await Promtool.CheckMetrics(text)).ExitCode, Is.EqualTo(exitCode));
    }
}
