using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.AspNetCore.Tests.Support;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.AspNetCore.Tests.Requests;

/// <summary>The log record of each request.</summary>
public class RequestLoggingTests
{
    private const string Logging = "Telemetry:Requests:Logging:";

    private static readonly RequestDelegate s_fine = context => context.Response.WriteAsync("fine");

    [Test]
    public async Task A_request_is_one_record_with_what_was_asked_and_what_was_answered()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapPost("/orders/{id:int}", (int id) => Results.Text($"order {id}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders/7?token=secret") { Content = new StringContent("twelve bytes") };
        request.Headers.UserAgent.ParseAdd("tests/1.0");

        using var response = await host.Client.SendAsync(request);

        var record = await records.Single();
        var seconds = (double)record["http.server.request.duration"]!;
        Assert.That(seconds, Is.GreaterThan(0).And.LessThan(10));
        Assert.That(record.Fields, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["http.request.method"] = "POST",
            ["url.path"] = "/orders/7",
            ["http.response.status_code"] = 200,
            ["http.server.request.duration"] = seconds,
            ["http.route"] = "/orders/{id:int}",
            ["http.request.body.size"] = 12L,
            ["http.response.body.size"] = 7L,
            ["url.scheme"] = "http",
            ["server.address"] = "127.0.0.1",
            ["client.address"] = "127.0.0.1",
            ["network.protocol.version"] = "1.1",
            ["user_agent.original"] = "tests/1.0",
            ["{OriginalFormat}"] = "{http.request.method} {url.path} answered {http.response.status_code} in {http.server.request.duration} s",
        }));
        Assert.That(record.Level, Is.EqualTo(LogLevel.Information));
        Assert.That((record.Event.Id, record.Event.Name), Is.EqualTo((900, "RequestFinished")));
        Assert.That(record.Message, Is.EqualTo(FormattableString.Invariant($"POST /orders/7 answered 200 in {seconds} s")));
    }

    [Test]
    public async Task It_has_the_ids_of_the_request_s_span()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", s_fine));

        await host.Client.GetAsync(new Uri("/", UriKind.Relative));

        var record = await records.Single();
        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That((record.TraceId, record.SpanId), Is.EqualTo((span.TraceId, span.SpanId)));
    }

    [Test]
    public async Task Without_the_setting_nothing_is_written()
    {
        var records = new RequestRecords();
        await using (var host = await records.Host(app => app.MapGet("/", s_fine), (Logging + "Enabled", "false")))
        {
            await host.Client.GetAsync(new Uri("/", UriKind.Relative));
            await host.Spans.ServerSpans(1);
        }

        Assert.That(records.All, Is.Empty);
    }

    [Test]
    public async Task One_line_of_code_switches_it_on_and_beats_the_configuration()
    {
        var records = new RequestRecords();
        await using var host = await WebHost.Start(
            app => app.MapGet("/", s_fine),
            builder =>
            {
                builder.Services.ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(records));
                builder.AddPepperTelemetry().AddRequestLogging(logging => logging.Level = LogLevel.Warning);
            },
            null,
            realServer: true,
            (Logging + "Enabled", "false"));

        await host.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.That((await records.Single()).Level, Is.EqualTo(LogLevel.Warning));
    }

    [TestCase(200, LogLevel.Information)]
    [TestCase(304, LogLevel.Information)]
    [TestCase(404, LogLevel.Warning)]
    [TestCase(499, LogLevel.Warning)]
    [TestCase(500, LogLevel.Error)]
    [TestCase(503, LogLevel.Error)]
    public async Task The_status_gives_the_level(int status, LogLevel level)
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", () => Results.StatusCode(status)));

        await host.Client.GetAsync(new Uri("/", UriKind.Relative));

        var record = await records.Single();
        Assert.That((record.Level, record["http.response.status_code"]), Is.EqualTo((level, status)));
        Assert.That(record["error.type"], Is.EqualTo(status >= 500 ? $"{status}" : null));
    }

    [Test]
    public async Task The_levels_are_settings_and_None_leaves_out()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(
            app => app.MapGet("/{status:int}", (int status) => Results.StatusCode(status)),
            (Logging + "Level", "None"), (Logging + "ClientErrorLevel", "Information"), (Logging + "ServerErrorLevel", "Critical"));

        foreach (var status in new[] { 200, 404, 500 }) await host.Client.GetAsync(new Uri($"/{status}", UriKind.Relative));

        Assert.That((await records.Wait(2)).Select(record => (record["http.response.status_code"], record.Level)), Is.EqualTo(new (object?, LogLevel)[] { (404, LogLevel.Information), (500, LogLevel.Critical) }));
    }

    [Test]
    public async Task Excluded_paths_are_left_out()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(
            app =>
            {
                app.MapGet("/{**any}", s_fine);
                app.MapPepperTelemetry();
            },
            (Logging + "ExcludedPaths", "/static"));

        foreach (var path in new[] { "/health", "/ready", "/metrics", "/static/logo.png", "/statics", "/healthy" }) await host.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.That((await records.Wait(2)).Select(record => record["url.path"]), Is.EqualTo(new[] { "/statics", "/healthy" }), "Only a whole part of a path counts.");
    }

    [Test]
    public async Task A_part_of_what_went_well_is_chosen_by_its_trace_and_what_failed_is_always_there()
    {
        const int All = 200;
        var leftOut = TelemetryLosses.Counted("logs", "request_log", "sampled_out");
        var records = new RequestRecords();
        await using (var host = await records.Host(app => app.MapGet("/{status:int}", (int status) => Results.StatusCode(status)), (Logging + "SampleRate", "0.25")))
        {
            for (var i = 0; i < All; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, i % 20 == 0 ? i % 40 == 0 ? "/404" : "/500" : "/200");

                // Spread evenly over what the last seven bytes can be.
                request.Headers.Add("traceparent", $"00-463ac35c9f6413ad48{((ulong)i << 56) / All:x14}-a2fb4a1d1a96d312-01"[..55]);
                await host.Client.SendAsync(request);
            }

            await host.Spans.ServerSpans(All);
        }

        var byStatus = records.All.CountBy(record => record["http.response.status_code"]!).ToDictionary();
        Assert.That(byStatus, Is.EquivalentTo(new Dictionary<object, int> { [200] = 48, [404] = 5, [500] = 5 }), "A quarter of the traces, without the two of them that failed.");
        Assert.That(TelemetryLosses.Counted("logs", "request_log", "sampled_out") - leftOut, Is.EqualTo(190 - 48));
    }

    [Test]
    public async Task What_was_slow_is_always_there()
    {
        var clock = new StretchedClock();
        var records = new RequestRecords();
        await using (var host = await records.Host(
            app => app.MapGet("/{ms:int}", (int ms) => clock.Stretch(TimeSpan.FromMilliseconds(ms))),
            builder => builder.Services.AddSingleton<TimeProvider>(clock),
            realServer: true,
            (Logging + "SampleRate", "0"), (Logging + "SlowerThan", "10m")))
        {
            foreach (var ms in new[] { 0, 590_000, 600_000 }) await host.Client.GetAsync(new Uri($"/{ms}", UriKind.Relative));
            await host.Spans.ServerSpans(3);
        }

        var record = records.All.Single();
        Assert.That(record["url.path"], Is.EqualTo("/600000"));
        Assert.That((double)record["http.server.request.duration"]!, Is.EqualTo(600).Within(9));
    }

    [Test]
    public async Task An_exception_nobody_handled_is_an_error_with_its_type([Values] bool realServer)
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/boom", string () => throw new InvalidOperationException("boom")), _ => { }, realServer);

        try
        {
            using var response = await host.Client.GetAsync(new Uri("/boom", UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        }
        catch (InvalidOperationException exception)
        {
            Assert.That((exception.Message, realServer), Is.EqualTo(("boom", false)), "The test server hands it on.");
        }

        var record = await records.Single();
        Assert.That((record.Level, record["http.response.status_code"], record["error.type"], record["http.route"]), Is.EqualTo((LogLevel.Error, 500, "System.InvalidOperationException", "/boom")));
    }

    [Test]
    public async Task An_exception_that_a_handler_turned_into_an_answer_is_told_with_the_request_s_route()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app =>
        {
            app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("sorry")));
            app.MapGet("/boom/{id}", string (string id) => throw new InvalidOperationException(id));
        });

        using var response = await host.Client.GetAsync(new Uri("/boom/1", UriKind.Relative));

        var record = await records.Single();
        Assert.That((record.Level, record["http.response.status_code"], record["error.type"], record["http.route"]), Is.EqualTo((LogLevel.Error, 500, "System.InvalidOperationException", "/boom/{id}")));
        Assert.That(record["http.response.body.size"], Is.EqualTo(5L));
    }

    [Test]
    public async Task A_request_that_the_server_refuses_has_the_status_the_client_gets()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", string () => throw new Microsoft.AspNetCore.Http.BadHttpRequestException("too much", 413)));

        using var response = await host.Client.GetAsync(new Uri("/", UriKind.Relative));

        var record = await records.Single();
        Assert.That(((int)response.StatusCode, record["http.response.status_code"], record.Level), Is.EqualTo((413, 413, LogLevel.Warning)));
    }

    [Test]
    public async Task A_client_that_does_not_wait_is_told_as_such_and_is_no_error_of_ours([Values(1, 2)] int version)
    {
        var records = new RequestRecords();
        var begun = new TaskCompletionSource();
        await using var host = await records.Host(
            app => app.MapGet("/wait", async context =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }),
            builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = version == 1 ? HttpProtocols.Http1 : HttpProtocols.Http2)),
            realServer: true);
        host.Client.DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0);
        host.Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var impatient = new CancellationTokenSource();

        var answer = host.Client.GetAsync(new Uri("/wait", UriKind.Relative), impatient.Token);
        await begun.Task;
        await impatient.CancelAsync();
        Assert.That(async () => await answer, Throws.InstanceOf<OperationCanceledException>());

        var record = await records.Single();
        Assert.That((record.Level, record["http.response.status_code"], record["http.request.aborted"], record["error.type"]), Is.EqualTo((LogLevel.Warning, 499, true, (object?)null)));
    }

    [Test]
    public async Task A_client_that_leaves_in_the_middle_of_an_answer_is_told_as_such()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/stream", async context =>
        {
            await context.Response.WriteAsync("the beginning");
            await context.Response.Body.FlushAsync();
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }));
        using (var answer = await host.Client.GetAsync(new Uri("/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)) Assert.That(answer.IsSuccessStatusCode);

        var record = await records.Single();
        Assert.That((record.Level, record["http.response.status_code"], record["http.request.aborted"], record["http.response.body.size"]), Is.EqualTo((LogLevel.Warning, 200, true, 13L)));
    }

    [Test]
    public async Task A_client_that_has_everything_may_leave_before_the_request_ends_here()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", async context =>
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            context.Response.ContentLength = 4;
            await context.Response.WriteAsync("fine");
            await gone.Task;
        }));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        using (var reader = new StreamReader(client.GetStream(), leaveOpen: true)) while (await reader.ReadLineAsync() is { Length: > 0 });
        client.Close();

        var record = await records.Single();
        Assert.That((record.Level, record["http.response.status_code"], record["http.request.aborted"]), Is.EqualTo((LogLevel.Information, 200, (object?)null)));
    }

    [Test]
    public async Task An_answer_that_the_application_breaks_off_is_its_error_and_not_the_client_s()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", async context =>
        {
            await context.Response.WriteAsync("half of");
            await context.Response.Body.FlushAsync();
            context.Abort();
        }));

        Assert.That(async () => await host.Client.GetStringAsync("/"), Throws.InstanceOf<HttpRequestException>());

        var record = await records.Single();
        Assert.That((record.Level, record["http.response.status_code"], record["error.type"], record["http.request.aborted"]), Is.EqualTo((LogLevel.Error, 200, "aborted", (object?)null)));
    }

    [Test]
    public async Task The_query_is_told_where_it_is_asked_for_without_its_secrets()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", s_fine), (Logging + "Query", "true"));

        await host.Client.GetAsync(new Uri("/?page=2&access_token=abc123&mail=a%40example.com&q=a%20b&empty=&flag", UriKind.Relative));

        Assert.That((await records.Single())["url.query"], Is.EqualTo("page=2&access_token=[redacted]&mail=[redacted]&q=a%20b&empty&flag"));
    }

    [Test]
    public async Task What_a_client_sends_is_in_one_line_without_secrets_and_bounded()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/{**any}", s_fine));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a%0Ab/jane@example.com/4111111111111111");
        request.Headers.TryAddWithoutValidation("User-Agent", new string('u', 10_000));

        await host.Client.SendAsync(request);

        var record = await records.Single();
        Assert.That(record["url.path"], Is.EqualTo("/a%0Ab/[redacted]/[redacted]"));
        Assert.That(((string)record["user_agent.original"]!), Has.Length.EqualTo(2048));
    }

    [Test]
    public async Task The_client_s_address_can_be_left_out()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", s_fine), (Logging + "ClientAddress", "false"));

        await host.Client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.That((await records.Single()).Fields, Does.Not.ContainKey("client.address"));
    }

    [Test]
    public async Task An_unknown_method_makes_no_name_of_its_own()
    {
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.Map("/", s_fine));
        using var request = new HttpRequestMessage(new HttpMethod("BREW"), "/");

        await host.Client.SendAsync(request);

        var record = await records.Single();
        Assert.That((record["http.request.method"], record["http.request.method_original"]), Is.EqualTo(("_OTHER", "BREW")));
    }

    [Test]
    public async Task A_log_provider_that_throws_does_not_touch_the_request()
    {
        var failed = TelemetryLosses.Counted("logs", "request_log", "failed");
        var records = new RequestRecords();
        await using var host = await records.Host(app => app.MapGet("/", s_fine), builder => builder.Logging.AddProvider(new ThrowingProvider()), realServer: true);

        Assert.That(await host.Client.GetStringAsync("/"), Is.EqualTo("fine"));
        Assert.That(await host.Client.GetStringAsync("/"), Is.EqualTo("fine"));
        await host.Spans.ServerSpans(2);

        Assert.That(TelemetryLosses.Counted("logs", "request_log", "failed") - failed, Is.EqualTo(2));
    }

    /// <summary>The system's clock, except for how much time seems to pass.</summary>
    private sealed class StretchedClock : TimeProvider
    {
        private long _more;

        public string Stretch(TimeSpan by)
        {
            Interlocked.Add(ref _more, (long)(by.TotalSeconds * TimestampFrequency));
            return "stretched";
        }

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _more);
    }

    private sealed class ThrowingProvider : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "RequestFinished") throw new InvalidOperationException("This provider always fails.");
        }

        public void Dispose()
        {
        }
    }
}
