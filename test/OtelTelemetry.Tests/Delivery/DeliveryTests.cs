using System.Net;
using System.Text;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tests.Otlp;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>What becomes of a request, whatever the backend does.</summary>
public class DeliveryTests
{
    private static int s_destinations;

    private readonly List<TelemetryError> _errors = [];
    private FakeClock _clock = null!;
    private DeliveryMonitor _delivery = null!;
    private string _name = null!;

    [SetUp]
    public void Create()
    {
        _clock = new FakeClock();
        _delivery = new DeliveryMonitor(null, null, _clock);
        _name = "place_" + Interlocked.Increment(ref s_destinations);
        _errors.Clear();
        TelemetryErrors.Reported += Note;
    }

    [TearDown]
    public async Task End()
    {
        TelemetryErrors.Reported -= Note;
        await _delivery.ShutdownAsync(TimeSpan.Zero);
        await _delivery.DisposeAsync();
    }

    [Test]
    public async Task A_request_is_answered_at_once_and_arrives_as_it_was_sent()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        using var client = _delivery.CreateHttpClient(_name);
        client.DefaultRequestHeaders.Add("api-key", "secret");
        using var request = Request(server, "one");
        DeliveryRequest.SetItems(request, 7);

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await _delivery.FlushAsync(), Is.True);
        var received = server.Requests.Single();
        Assert.That((received.Line, received.Body, received.Headers["api-key"], received.Headers["Content-Type"]),
            Is.EqualTo(("POST /in HTTP/1.1", "one", "secret", "text/plain; charset=utf-8")));
        var report = Report();
        Assert.That((report.Accepted, report.Delivered, report.PendingItems, report.PendingBytes, report.Attempts), Is.EqualTo((7L, 7L, 0L, 0L, 1L)));
    }

    [Test]
    public async Task Both_ways_to_send_are_the_same()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        using var client = _delivery.CreateHttpClient(_name);
        using var request = Request(server, "sync");

        using var response = await Task.Run(() => client.Send(request));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await _delivery.FlushAsync(), Is.True);
        Assert.That(server.Bodies, Is.EqualTo(new[] { "sync" }));
    }

    [Test]
    public async Task A_server_that_is_away_gets_everything_in_order_once_it_is_back()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        server.Stop();
        await Send(server, Numbers(20));
        Assert.That(await _delivery.FlushAsync(), Is.False);
        var away = Report();
        Assert.That((away.Accepted, away.Delivered, away.PendingItems, away.IsDown), Is.EqualTo((20L, 0L, 20L, true)));

        server.Restart();
        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => server.Requests.Count == 20, "all arrive");

        Assert.That(server.Bodies, Is.EqualTo(Numbers(20)));
        Assert.That(await _delivery.FlushAsync(), Is.True);
        Balance(Report(), delivered: 20);
    }

    [Test]
    public async Task A_status_that_is_worth_another_try_is_tried_again([Values(408, 429, 500, 502, 503, 504)] int status)
    {
        using var server = new ScriptedServer((number, _) => number == 1 ? ScriptedServer.Status(status) : ScriptedServer.Ok);
        await Send(server, ["one"]);

        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => Report().Delivered == 1, "it is delivered");

        Assert.That((server.Requests.Count, Report().Attempts, Report().FailedAttempts), Is.EqualTo((2, 2L, 1L)));
        Assert.That(Report().LastError, Does.Contain(status.ToString()));
    }

    [Test]
    public async Task Retry_After_is_obeyed()
    {
        using var server = new ScriptedServer((number, _) => number == 1 ? ScriptedServer.Status(429, "Retry-After: 120\r\n") : ScriptedServer.Ok);
        var begin = _clock.GetUtcNow();
        await Send(server, ["one"]);
        Assert.That(await _delivery.FlushAsync(), Is.False);

        await Within.Steps(_clock, TimeSpan.FromSeconds(5), () => Report().Delivered == 1, "it is delivered");

        Assert.That(_clock.GetUtcNow() - begin, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(120)));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_refusal_is_final_counted_and_reported_and_tells_no_secret()
    {
        using var server = new ScriptedServer((number, request) => number == 1 ? ScriptedServer.Status(400, "", "bad body for key " + request.Headers["api-key"]) : ScriptedServer.Ok);
        using var client = _delivery.CreateHttpClient(_name);
        client.DefaultRequestHeaders.Add("api-key", "sesame-1234");
        foreach (var body in new[] { "bad", "good" }) (await client.SendAsync(Request(server, body))).Dispose();

        Assert.That(await _delivery.FlushAsync(), Is.True);

        Assert.That(server.Bodies, Is.EqualTo(new[] { "bad", "good" }), "What follows is not held up.");
        Balance(Report(), delivered: 1, ("rejected", 1));
        Assert.That(Errors().Count(), Is.EqualTo(1));
        Assert.That(Errors().Single().Problem, Does.Contain("400").And.Contain("bad body").And.Not.Contain("sesame"));
        Assert.That(Report().ToString(), Does.Not.Contain("sesame"));
        Assert.That(TelemetryLosses.Counted("metrics", _name, "rejected"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_answer_that_ends_in_the_middle_is_no_answer()
    {
        using var server = new ScriptedServer((number, _) => number == 1 ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf" : ScriptedServer.Ok);
        await Send(server, ["one"]);

        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => Report().Delivered == 1, "it is delivered");

        Assert.That(server.Bodies, Is.EqualTo(new[] { "one", "one" }));
    }

    [Test]
    public async Task A_server_that_never_answers_is_left_after_the_time_for_an_attempt()
    {
        using var server = new ScriptedServer((number, _) => number == 1 ? null : ScriptedServer.Ok);
        await Send(server, ["one"], new DeliveryOptions { AttemptTimeout = TimeSpan.FromSeconds(3) });
        await Within.Time(() => server.Requests.Count == 1, "it is asked");
        await Send(server, ["two"]);

        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => Report().Delivered == 2, "both are delivered");

        Assert.That(server.Bodies, Is.EqualTo(new[] { "one", "one", "two" }));
        Assert.That(Report().LastError, Does.Contain("does not answer within 00:00:03"));
    }

    [Test]
    public async Task What_is_new_does_not_wait_for_the_backlog_where_order_does_not_matter()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        server.Stop();
        var options = new DeliveryOptions { Order = DeliveryOrder.LiveFirst };
        await Send(server, Numbers(50), options);
        Assert.That(await _delivery.FlushAsync(), Is.False);

        // From the tenth on it is known to be back, and one more is sent while the others still wait.
        server.Answer = (number, _) =>
        {
            if (number == 10) Send(server, ["new"], options).GetAwaiter().GetResult();
            return ScriptedServer.Ok;
        };
        server.Restart();
        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => server.Requests.Count == 51, "all arrive");

        Assert.That(server.Bodies.ToList().IndexOf("new"), Is.LessThan(15));
        Assert.That(server.Bodies.Where(body => body != "new"), Is.EqualTo(Numbers(50)));
    }

    [Test]
    public async Task Past_the_bounds_the_oldest_is_dropped_and_counted([Values] DeliveryMode mode)
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        server.Stop();
        await Send(server, ["first"], new DeliveryOptions { Mode = mode, MaxBytes = 20 });
        Assert.That(await _delivery.FlushAsync(), Is.False);
        await Send(server, [.. Enumerable.Range(0, 6).Select(i => $"four{i}"), new string('x', 21)]);
        Balance(Report(), delivered: 0, ("outbox_full", 3), ("too_large", 1));
        Assert.That((Report().PendingItems, Report().PendingBytes), Is.EqualTo((4L, 20L)));

        server.Restart();
        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => Report().PendingItems == 0, "all is delivered");

        Assert.That(server.Bodies, Is.EqualTo(new[] { "four2", "four3", "four4", "four5" }));
        Balance(Report(), delivered: 4, ("outbox_full", 3), ("too_large", 1));
    }

    [Test]
    public async Task What_is_too_old_is_dropped_and_counted()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        server.Stop();
        await Send(server, ["old"], new DeliveryOptions { MaxAge = TimeSpan.FromMinutes(10) });
        Assert.That(await _delivery.FlushAsync(), Is.False);
        Assert.That(Report().OldestAge, Is.EqualTo(TimeSpan.Zero));

        await Within.Steps(_clock, TimeSpan.FromMinutes(1), () => Report().PendingItems == 0, "it is dropped");

        Balance(Report(), delivered: 0, ("expired", 1));
        Assert.That(Report().OldestAge, Is.Null);
    }

    [Test]
    public async Task A_request_is_given_up_after_the_attempts_that_were_allowed()
    {
        using var server = new ScriptedServer((_, request) => request.Body == "poison" ? ScriptedServer.Status(503) : ScriptedServer.Ok);
        await Send(server, ["poison", "good"], new DeliveryOptions { MaxAttempts = 3 });

        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => Report().PendingItems == 0, "it is given up");

        Assert.That(server.Bodies, Is.EqualTo(new[] { "poison", "poison", "poison", "good" }));
        Balance(Report(), delivered: 1, ("attempts", 1));
    }

    [Test]
    public async Task One_destination_that_found_a_server_away_spares_the_others()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Status(503));
        await Send(server, ["one"]);
        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => server.Requests.Count == 2, "it is tried twice");
        Assert.That(await _delivery.FlushAsync(), Is.False);

        using var other = _delivery.CreateHttpClient(_name + "_other");
        (await other.SendAsync(Request(server, "other"))).Dispose();
        Assert.That(await _delivery.FlushAsync(), Is.False);

        Assert.That(server.Requests, Has.Count.EqualTo(2), "The circuit is open.");
        Assert.That(_delivery.GetReport().Destinations.Single(one => one.Name == _name + "_other").LastError, Does.Contain("away"));
    }

    [Test]
    public async Task What_has_no_body_goes_straight_through()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Status(418));
        using var client = _delivery.CreateHttpClient(_name);

        using var response = await client.GetAsync(server.Address);

        Assert.That((int)response.StatusCode, Is.EqualTo(418));
        Assert.That(Report().Accepted, Is.Zero);
    }

    [Test]
    public async Task Bodies_are_compressed_once()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        await Send(server, [new string('a', 1000)], new DeliveryOptions { Gzip = true });
        using var client = _delivery.CreateHttpClient(_name);
        using var zipped = Request(server, "as it is");
        zipped.Content!.Headers.ContentEncoding.Add("gzip");
        (await client.SendAsync(zipped)).Dispose();

        Assert.That(await _delivery.FlushAsync(), Is.True);

        Assert.That(server.Requests.Select(request => request.Headers["Content-Encoding"]), Is.EqualTo(new[] { "gzip", "gzip" }));
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(Encoding.Latin1.GetBytes(server.Requests[0].Body)), System.IO.Compression.CompressionMode.Decompress);
        using var text = new StreamReader(gzip);
        Assert.That(await text.ReadToEndAsync(), Is.EqualTo(new string('a', 1000)));
        Assert.That(server.Requests[1].Body, Is.EqualTo("as it is"));
    }

    [Test]
    public async Task What_depends_on_the_moment_is_made_anew_for_each_attempt()
    {
        using var server = new ScriptedServer((number, _) => number == 1 ? ScriptedServer.Status(503) : ScriptedServer.Ok);
        using var client = _delivery.CreateHttpClient(_name);
        using var request = Request(server, "one");
        var attempt = 0;
        DeliveryRequest.SetPrepare(request, async (sent, token) =>
        {
            var body = await sent.Content!.ReadAsStringAsync(token);
            sent.Headers.Remove("signature");
            sent.Headers.Add("signature", $"{++attempt}:{body}");
        });
        request.Headers.Add("signature", "old");
        (await client.SendAsync(request)).Dispose();

        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => Report().Delivered == 1, "it is delivered");

        Assert.That(server.Requests.Select(one => one.Headers["signature"]), Is.EqualTo(new[] { "1:one", "2:one" }));
    }

    [Test]
    public async Task The_end_sends_what_is_left_and_counts_what_it_cannot()
    {
        using var hole = new BlackHole();
        using var client = _delivery.CreateHttpClient(_name);
        using var request = new HttpRequestMessage(HttpMethod.Post, hole.Address) { Content = new StringContent("lost") };
        (await client.SendAsync(request)).Dispose();

        var began = TimeProvider.System.GetTimestamp();
        await _delivery.ShutdownAsync(TimeSpan.FromMilliseconds(200));

        Assert.That(TimeProvider.System.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(2)));
        Balance(Report(), delivered: 0, ("shutdown", 1));
        using var late = new HttpRequestMessage(HttpMethod.Post, hole.Address) { Content = new StringContent("late") };
        using var response = await client.SendAsync(late);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), "The exporter is told.");
        Balance(Report(), delivered: 0, ("shutdown", 2));
    }

    [Test]
    public async Task The_account_balances_at_every_moment()
    {
        using var server = new ScriptedServer((number, _) => (number % 7) switch
        {
            1 => ScriptedServer.Status(503),
            2 => ScriptedServer.Status(400),
            3 => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
            _ => ScriptedServer.Ok,
        });
        var unbalanced = new List<string>();
        var sending = Task.Run(() => Send(server, Numbers(300), new DeliveryOptions { MaxRequests = 50, Order = DeliveryOrder.LiveFirst, BreakDuration = TimeSpan.FromMilliseconds(500) }));
        await Within.Steps(_clock, TimeSpan.FromMilliseconds(200), Check, "all is done");

        Assert.That(unbalanced, Is.Empty);
        Assert.That(Report().Accepted, Is.EqualTo(300));
        Assert.That(Report().Dropped.Keys, Is.SupersetOf(new[] { "rejected" }));

        bool Check()
        {
            if (_delivery.GetReport().Destinations is not [var report]) return false;
            if (report.Accepted != report.Delivered + report.Dropped.Values.Sum() + report.PendingItems) unbalanced.Add(report.ToString());
            return sending.IsCompleted && report.PendingItems == 0;
        }
    }

    internal static void Balance(DestinationReport report, long delivered, params (string Reason, long Items)[] dropped)
    {
        Assert.That(report.Delivered, Is.EqualTo(delivered), report.ToString());
        Assert.That(report.Dropped.Select(pair => (pair.Key, pair.Value)), Is.EquivalentTo(dropped), report.ToString());
        Assert.That(report.Accepted + report.Adopted, Is.EqualTo(report.Delivered + report.Dropped.Values.Sum() + report.PendingItems), report.ToString());
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => $"body {i}")];

    private static HttpRequestMessage Request(ScriptedServer server, string body) => new(HttpMethod.Post, server.Address) { Content = new StringContent(body) };

    private async Task Send(ScriptedServer server, string[] bodies, DeliveryOptions? options = null)
    {
        using var client = _delivery.CreateHttpClient(_name, options: options);
        foreach (var body in bodies) (await client.SendAsync(Request(server, body))).Dispose();
    }

    private DestinationReport Report() => _delivery.GetReport().Destinations.Single(destination => destination.Name == _name);

    private IEnumerable<TelemetryError> Errors()
    {
        lock (_errors) return [.. _errors.Where(error => error.Component == _name)];
    }

    private void Note(TelemetryError error)
    {
        lock (_errors) _errors.Add(error);
    }
}
