using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.AspNetCore.Tests.Support;

namespace OtelTelemetry.AspNetCore.Tests.Requests;

/// <summary>The sizes of bodies, as clients see them. The meters of all hosts of a process are collected by each, so every test has paths of its own.</summary>
public class BodySizeTests
{
    private const string Response = "http_server_response_body_size_bytes";
    private const string Request = "http_server_request_body_size_bytes";
    private static readonly byte[] s_large = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];

    [Test]
    public async Task Every_way_to_write_an_answer_is_counted_to_the_byte()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.bin");
        await File.WriteAllBytesAsync(file, s_large);
        await using var host = await Host(app =>
        {
            var ways = app.MapGroup("/ways");
            ways.MapGet("/text", () => "twelve bytes");
            ways.MapGet("/json", () => Results.Json(new { name = "ä" }));
            ways.MapGet("/nothing", () => { });
            ways.MapGet("/stream", async context =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await context.Response.Body.WriteAsync(s_large.AsMemory(0, 1000 + i));
                    await context.Response.Body.FlushAsync();
                }
            });
            ways.MapGet("/pipe", async context =>
            {
                var writer = context.Response.BodyWriter;
                for (var i = 0; i < 100; i++)
                {
                    s_large.AsSpan(0, 777).CopyTo(writer.GetSpan(777));
                    writer.Advance(777);
                    if (i % 10 == 0) await writer.FlushAsync();
                }

                await writer.WriteAsync("the end"u8.ToArray());
            });
            ways.MapGet("/both", async context =>
            {
                await context.Response.StartAsync();
                await context.Response.WriteAsync("text ");
                await context.Response.BodyWriter.WriteAsync("pipe"u8.ToArray());
                await context.Response.BodyWriter.AsStream().WriteAsync("!"u8.ToArray());
                await context.Response.CompleteAsync();
            });
            ways.MapGet("/oldstyle", context => Task.Factory.FromAsync(context.Response.Body.BeginWrite, context.Response.Body.EndWrite, s_large, 5, 4000, null));
            ways.MapGet("/copied", async context => await new MemoryStream(s_large).CopyToAsync(context.Response.Body));
            ways.MapGet("/file", () => Results.File(file));
            ways.MapGet("/range", () => Results.File(file, enableRangeProcessing: true));
            ways.MapGet("/partoffile", context => context.Response.SendFileAsync(file, 1000, 2345));
            ways.MapGet("/restoffile", context => context.Response.SendFileAsync(file, 1000, null));
        });

        foreach (var way in new[] { "text", "json", "nothing", "stream", "pipe", "both", "oldstyle", "copied", "file", "range", "partoffile", "restoffile" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/ways/{way}");
            if (way == "range") request.Headers.Add("Range", "bytes=100-1099");
            using var answer = await host.Client.SendAsync(request);
            var received = (await answer.Content.ReadAsByteArrayAsync()).Length;
            if (way != "nothing") Assert.That(received, Is.GreaterThan(0), way);
            Assert.That(await Sizes(host, Response, $"/ways/{way}", 1), Is.EqualTo((1, received)), way);
        }
    }

    [Test]
    public async Task What_is_compressed_counts_as_it_goes_over_the_network()
    {
        await using var host = await Host(
            app =>
            {
                app.UseResponseCompression();
                app.MapGet("/compressed", () => new string('a', 100_000));
            },
            builder => builder.Services.AddResponseCompression());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/compressed");
        request.Headers.Add("Accept-Encoding", "gzip");

        using var answer = await host.Client.SendAsync(request);
        var received = (await answer.Content.ReadAsByteArrayAsync()).Length;

        Assert.That(received, Is.LessThan(10_000));
        Assert.That(await Sizes(host, Response, "/compressed", 1), Is.EqualTo((1, received)));
    }

    [Test]
    public async Task What_servers_do_not_send_does_not_count()
    {
        await using var host = await Host(app =>
        {
            app.MapMethods("/head", ["HEAD"], context => context.Response.WriteAsync("not sent"));
            app.MapGet("/nocontent", () => Results.NoContent());
            app.MapGet("/unhandled", context =>
            {
                context.Response.BodyWriter.GetSpan(10);
                context.Response.BodyWriter.Advance(10);
                throw new InvalidOperationException("Nothing of it is sent.");
            });
        });

        using var head = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/head"));
        using var none = await host.Client.GetAsync(new Uri("/nocontent", UriKind.Relative));
        using var unhandled = await host.Client.GetAsync(new Uri("/unhandled", UriKind.Relative));

        Assert.That((head.StatusCode, none.StatusCode, unhandled.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.InternalServerError)));
        foreach (var path in new[] { "/head", "/nocontent", "/unhandled" }) Assert.That(await Sizes(host, Response, path, 1), Is.EqualTo((1, 0)), path);
    }

    [Test]
    public async Task Bodies_of_requests_are_counted_with_and_without_a_stated_length()
    {
        await using var host = await Host(app =>
        {
            app.MapPost("/body/stream", async context =>
            {
                var buffer = new byte[10_000];
                while (await context.Request.Body.ReadAsync(buffer) > 0);
            });
            app.MapPost("/body/pipe", async context =>
            {
                var isCompleted = false;
                while (!isCompleted)
                {
                    var read = await context.Request.BodyReader.ReadAsync();
                    isCompleted = read.IsCompleted;
                    context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                }
            });
            app.MapPost("/body/copied", async context => await context.Request.Body.CopyToAsync(Stream.Null));
            app.MapPost("/body/unread", () => { });
        });

        foreach (var path in new[] { "/body/stream", "/body/pipe", "/body/copied" })
        {
            using var stated = await host.Client.PostAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(s_large));
            using var chunked = await host.Client.SendAsync(Chunked(path));
            Assert.That((stated.StatusCode, chunked.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), path);
            Assert.That(await Sizes(host, Request, path, 2), Is.EqualTo((2, 2 * s_large.Length)), path);
        }

        using var unread = await host.Client.PostAsync(new Uri("/body/unread", UriKind.Relative), new StringContent("as it says"));
        Assert.That(await Sizes(host, Request, "/body/unread", 1), Is.EqualTo((1, 10)));
    }

    [Test]
    public async Task Over_HTTP_2_bodies_are_counted_too()
    {
        await using var host = await Host(
            app => app.MapPost("/http2", async context =>
            {
                await context.Request.Body.CopyToAsync(context.Response.Body);
                await context.Response.BodyWriter.WriteAsync("!"u8.ToArray());
            }),
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        host.Client.DefaultRequestVersion = HttpVersion.Version20;
        host.Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var content = new StreamContent(new Unseekable(s_large));

        using var answer = await host.Client.PostAsync(new Uri("/http2", UriKind.Relative), content);
        var received = (await answer.Content.ReadAsByteArrayAsync()).Length;

        Assert.That((answer.Version.Major, received), Is.EqualTo((2, s_large.Length + 1)));
        Assert.That(await Sizes(host, Response, "/http2", 1), Is.EqualTo((1, received)));
        Assert.That(await Sizes(host, Request, "/http2", 1), Is.EqualTo((1, s_large.Length)));
    }

    [Test]
    public async Task WebSockets_work_and_what_goes_over_them_is_no_body()
    {
        await using var host = await Host(app =>
        {
            app.UseWebSockets();
            app.MapGet("/socket", async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[1000];
                while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
                {
                    await socket.SendAsync(buffer.AsMemory(0, message.Count), WebSocketMessageType.Text, true, CancellationToken.None);
                }

                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            });
        });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new UriBuilder(host.Client.BaseAddress!) { Scheme = "ws", Path = "/socket" }.Uri, CancellationToken.None);
        await client.SendAsync("echo"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var echo = new byte[100];
        var received = await client.ReceiveAsync(echo, CancellationToken.None);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString(echo, 0, received.Count), Is.EqualTo("echo"));
        Assert.That(await Sizes(host, Response, "/socket", 1), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task The_attributes_are_those_of_the_duration()
    {
        await using var host = await Host(app =>
        {
            var same = app.MapGroup("/same");
            same.MapGet("/status/{status:int}", (int status) => Results.StatusCode(status));
            same.MapGet("/thrown", string () => throw new InvalidOperationException("thrown"));
            same.MapGet("/tagged", (HttpContext context) => context.Features.Get<IHttpMetricsTagsFeature>()!.Tags.Add(new("tenant", "blue")));
            same.MapGet("/left-out", () => "not measured").DisableHttpMetrics();
        });

        foreach (var path in new[] { "/status/200", "/status/404", "/status/503", "/thrown", "/tagged", "/left-out" }) await host.Client.GetAsync(new Uri("/same" + path, UriKind.Relative));
        await Sizes(host, Response, "/same/tagged", 1);

        var text = await host.Client.GetStringAsync("/metrics");
        var durations = SeriesOf(text, "http_server_request_duration_seconds");
        Assert.That(durations, Has.Length.EqualTo(5));
        Assert.That(durations, Has.Exactly(1).Contains("tenant=\"blue\""));
        Assert.That(SeriesOf(text, Response), Is.EquivalentTo(durations));
        Assert.That(SeriesOf(text, Request), Is.EquivalentTo(durations));

        static string[] SeriesOf(string text, string metric) =>
            [.. Regex.Matches(text, $"^{metric}_count(\\{{[^}}]*http_route=\"/same/.*\\}}) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
    }

    [Test]
    public async Task Without_the_setting_nothing_is_measured_and_one_line_of_code_switches_it_on()
    {
        await using (var off = await WebHost.Start(Map, _ => { }, null, realServer: true))
        {
            await off.Client.GetAsync(new Uri("/switched", UriKind.Relative));
            Assert.That(await off.Client.GetStringAsync("/metrics"), Does.Not.Contain(Response));
        }

        await using var on = await WebHost.Start(Map, builder => builder.AddPepperTelemetry().AddBodySizes(), null, realServer: true);
        await on.Client.GetAsync(new Uri("/switched", UriKind.Relative));
        Assert.That(await Sizes(on, Response, "/switched", 1), Is.EqualTo((1, 2)));

        static void Map(WebApplication app)
        {
            app.MapGet("/switched", () => "on");
            app.MapPepperTelemetry();
        }
    }

    private static Task<WebHost> Host(Action<WebApplication> map, Action<WebApplicationBuilder>? build = null) => WebHost.Start(
        app =>
        {
            map(app);
            app.MapPepperTelemetry();
        },
        build ?? (_ => { }),
        null,
        realServer: true,
        ("Telemetry:Requests:BodySizes", "true"),
        ("Telemetry:Prometheus:CollectionCacheDuration", "0s"));

    private static HttpRequestMessage Chunked(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(new MemoryStream(s_large)) };
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    /// <summary>A stream of which nobody knows how long it is.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>Count and sum of a route, once there are as many as expected: they are measured after the client has its answer.</summary>
    private static async Task<(double Count, double Sum)> Sizes(WebHost host, string metric, string route, int expected)
    {
        for (var attempt = 0; ; attempt++)
        {
            var text = await host.Client.GetStringAsync("/metrics");
            var count = Value("count");
            if (count >= expected || attempt == 1000) return (count, Value("sum"));

            double Value(string part) => Regex.Matches(text, $"^{metric}_{part}\\{{[^}}]*http_route=\"{Regex.Escape(route)}\".*\\}} (.*)$", RegexOptions.Multiline)
                .Sum(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        }
    }
}
