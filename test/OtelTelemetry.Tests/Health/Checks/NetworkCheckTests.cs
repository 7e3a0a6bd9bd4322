using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Health.Checks.Http;
using OtelTelemetry.Health.Checks.Tcp;

namespace OtelTelemetry.Tests.Health.Checks;

public class NetworkCheckTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\neverything fine";

    [Test]
    public async Task Tcp_is_healthy_while_somebody_listens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new TcpHealthCheckOptions { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port };
        Assert.That((await options.RunOnce()).Status, Is.EqualTo(HealthStatus.Healthy));

        listener.Stop();
        var refused = await options.RunOnce();
        Assert.That((refused.Status, refused.Description), Is.EqualTo((HealthStatus.Unhealthy, $"no connection to 127.0.0.1:{options.Port}: Connection refused")));
    }

    [Test]
    public async Task Http_sends_method_and_headers_and_looks_at_status_and_body()
    {
        using var server = new LoopbackHttpServer(Ok);
        var options = new HttpHealthCheckOptions
        {
            Url = server.Address, Method = "post", BodyContains = "fine", ExpectedStatus = [200],
            Headers = new Dictionary<string, string> { ["X-Key"] = "abc", ["Content-Type"] = "text/x-test" },
        };

        Assert.That((await options.RunOnce()).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(server.Requests.Single(), Does.StartWith("POST /health?key=hunter2 HTTP/1.1\r\n").And.Contain("X-Key: abc\r\n").And.Contain("Content-Type: text/x-test\r\n"));
    }

    [TestCase("HTTP/1.1 503 Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "answered with status 503, expected 200 to 299")]
    [TestCase("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "answered with status 302, expected 200 to 299")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nelse", "answered with status 200, but without the text that is expected")]
    [TestCase("nonsense\r\n\r\n", "no answer from")]
    public async Task Http_says_what_was_wrong_and_no_secret(string answer, string expected)
    {
        using var server = new LoopbackHttpServer(answer);
        var result = await new HttpHealthCheckOptions { Url = server.Address, BodyContains = "fine" }.RunOnce();
        Assert.That((result.Status, result.Description), Is.EqualTo((HealthStatus.Unhealthy, result.Description)));
        Assert.That(result.Description, Does.Contain(expected).And.Contain($"http://127.0.0.1:{server.Port}/health").And.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Http_takes_the_statuses_it_is_told()
    {
        using var server = new LoopbackHttpServer("HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        Assert.That((await new HttpHealthCheckOptions { Url = server.Address, ExpectedStatus = [200, 404] }.RunOnce()).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That((await new HttpHealthCheckOptions { Url = server.Address, ExpectedStatus = [200, 204] }.RunOnce()).Description, Does.EndWith("expected 200 or 204"));
    }

    [Test]
    public async Task Http_sends_a_password_of_the_address_as_credentials_and_shows_neither()
    {
        using var server = new LoopbackHttpServer("HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var result = await new HttpHealthCheckOptions { Url = new Uri($"http://me:hunter2@127.0.0.1:{server.Port}/a") }.RunOnce();
        Assert.That(server.Requests.Single(), Does.Contain("Authorization: Basic " + Convert.ToBase64String("me:hunter2"u8)));
        Assert.That(result.Description, Is.EqualTo($"http://127.0.0.1:{server.Port}/a answered with status 401, expected 200 to 299"));
    }

    [Test]
    public async Task Http_makes_no_span()
    {
        var spans = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span.GetTagItem("server.port")?.ToString() ?? "");
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var server = new LoopbackHttpServer(Ok);
        await new HttpHealthCheckOptions { Url = server.Address }.RunOnce();
        lock (spans) Assert.That(spans, Has.None.EqualTo(server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public async Task Http_opens_a_connection_of_its_own_for_each_run()
    {
        using var server = new LoopbackHttpServer(Ok.Replace("Connection: close\r\n", "", StringComparison.Ordinal));
        using var check = new HttpHealthCheck(new HttpHealthCheckOptions { Url = server.Address });
        for (var i = 0; i < 3; i++) Assert.That((await check.Run()).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }
}
