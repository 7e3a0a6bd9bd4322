using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Logging.Sinks.Elasticsearch;
using OtelTelemetry.Tests.Delivery;
using OtelTelemetry.Tests.Processors.Logs;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging.Elasticsearch;

/// <summary>Log records on their way to a server that answers as Elasticsearch does, over HTTP.</summary>
public class ElasticsearchLogSinkTests
{
    private readonly ConcurrentQueue<TelemetryError> _errors = new();
    private BulkServer _server = null!;
    private string _name = null!;

    [SetUp]
    public void Create()
    {
        _server = new BulkServer();
        _name = "es" + Guid.NewGuid().ToString("N")[..12];
        _errors.Clear();
        TelemetryErrors.Reported += Note;
    }

    [TearDown]
    public void End()
    {
        TelemetryErrors.Reported -= Note;
        _server.Dispose();
    }

    [Test]
    public async Task Records_arrive_in_the_index_of_their_day_with_the_names_of_the_schema()
    {
        using var host = Start();
        using (host.Logger.BeginScope("{OrderId}", 4711)) host.Logger.LogWarning("Stock of {Sku} is low: {Count}", "Ä7", 3);
        await Flush(host);

        var ((index, id), document) = _server.Documents.Single();
        var time = DateTime.Parse((string)document["@timestamp"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        Assert.That(index, Is.EqualTo("logs-" + time.ToString("yyyy.MM.dd", CultureInfo.InvariantCulture)));
        Assert.That(id, Has.Length.GreaterThan(20));
        Assert.That(((string)document["message"]!, (string)document["log.level"]!, (string)document["log.logger"]!), Is.EqualTo(("Stock of Ä7 is low: 3", "Warning", "Shop.Orders")));
        Assert.That(((string)document["labels"]!["Sku"]!, (int)document["numeric_labels"]!["Count"]!, (int)document["numeric_labels"]!["OrderId"]!), Is.EqualTo(("Ä7", 3, 4711)));
        var request = _server.Http.Requests.Single();
        Assert.That(request.Line, Does.StartWith("POST /_bulk?filter_path=errors,items.*.status"));
        Assert.That(request.Headers["Content-Encoding"], Is.EqualTo("gzip"));
        DeliveryTests.Balance(Report(host), delivered: 1);
    }

    [Test]
    public async Task Settings_say_where_to_and_who()
    {
        using var host = Start(("Index", "orders"), ("Pipeline", "geo ip"), ("ApiKey", "id:secret-key"), ("Headers:X-Tenant", "shop"), ("Gzip", "false"), ("Endpoint", _server.Endpoint + "/proxy/"));
        host.Logger.LogInformation("one");
        await Flush(host);

        var request = _server.Http.Requests.Single();
        Assert.That(request.Line, Does.StartWith("POST /proxy/_bulk?").And.Contain("&pipeline=geo%20ip"));
        Assert.That((request.Headers["Authorization"], request.Headers["X-Tenant"], request.Headers.ContainsKey("Content-Encoding")), Is.EqualTo(("ApiKey aWQ6c2VjcmV0LWtleQ==", "shop", false)));
        Assert.That(_server.Documents.Keys.Single().Index, Is.EqualTo("orders"));
    }

    [Test]
    public async Task Only_what_the_server_cannot_take_now_is_sent_again_and_what_it_never_takes_is_counted()
    {
        _server.Item = (document, attempt) => (int)document["numeric_labels"]!["N"]! switch
        {
            var n when n % 5 == 0 => BulkServer.Unmappable,
            var n when n % 3 == 0 && attempt == 1 => BulkServer.Busy,
            var n when n % 7 == 0 && attempt == 1 => (503, "unavailable_shards_exception", "primary shard is not active"),
            _ => null,
        };
        using var host = Start();
        for (var i = 0; i < 100; i++) host.Logger.LogInformation("record {N}", i);
        await Arrived(host);

        var refused = Enumerable.Range(0, 100).Where(n => n % 5 == 0).ToArray();
        var delayed = Enumerable.Range(0, 100).Count(n => n % 5 != 0 && (n % 3 == 0 || n % 7 == 0));
        Assert.That(_server.Messages, Is.EquivalentTo(Enumerable.Range(0, 100).Except(refused).Select(n => $"record {n}")));
        Assert.That(_server.Sizes, Is.EqualTo(new[] { 100, delayed }), "Only those are sent again.");
        DeliveryTests.Balance(Report(host), delivered: 80, ("rejected", 20));
        Assert.That(TelemetryLosses.Counted("logs", Component, "rejected"), Is.EqualTo(20));
        var told = Errors().Single(error => error.Kind == "refused");
        Assert.That(told.Problem, Does.Contain("20 of 100").And.Contain("400 document_parsing_exception").And.Contain("failed to parse field [labels.n]"));
        Assert.That(told.Remedy, Does.Contain("mapping"));
    }

    [Test]
    public async Task A_refusal_alone_does_not_hold_up_what_follows()
    {
        _server.Item = (document, _) => (string)document["message"]! == "bad" ? BulkServer.Unmappable : null;
        using var host = Start();
        foreach (var message in new[] { "bad", "good" })
        {
            host.Logger.LogInformation("{Message}", message);
            await Flush(host);
        }

        Assert.That(_server.Messages, Is.EqualTo(new[] { "good" }));
        Assert.That(Report(host).IsDown, Is.False);
        DeliveryTests.Balance(Report(host), delivered: 1, ("rejected", 1));
    }

    [Test]
    public async Task A_busy_server_is_left_alone_for_as_long_as_it_says()
    {
        var clock = new FakeClock();
        _server.Whole = (number, _) => number == 1 ? ScriptedServer.Status(429, "Retry-After: 120\r\n") : null;
        using var host = Start(clock, ("FlushInterval", "0s"));
        var begin = clock.GetUtcNow();
        host.Logger.LogInformation("one");
        await Within.Time(() => Report(host).FailedAttempts == 1, "it is refused for now");

        await Within.Steps(clock, TimeSpan.FromSeconds(5), () => Report(host).PendingItems == 0, "it is delivered");

        Assert.That(clock.GetUtcNow() - begin, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(120)));
        DeliveryTests.Balance(Report(host), delivered: 1);
    }

    [Test]
    public async Task A_request_that_is_too_large_is_sent_in_parts()
    {
        _server.Whole = (_, count) => count > 10 ? ScriptedServer.Status(413) : null;
        using var host = Start();
        for (var i = 0; i < 100; i++) host.Logger.LogInformation("record {N}", i);
        await Arrived(host);

        Assert.That(_server.Messages, Is.EquivalentTo(Enumerable.Range(0, 100).Select(n => $"record {n}")));
        Assert.That(_server.Sizes, Has.All.LessThanOrEqualTo(10));
        DeliveryTests.Balance(Report(host), delivered: 100);
    }

    [Test]
    public async Task Requests_are_no_larger_than_set_and_a_record_that_alone_is_larger_is_counted()
    {
        using var host = Start(("MaxRequestBytes", "64KiB"), ("Gzip", "false"), ("MaxQueueBytes", "4MiB"));
        for (var i = 0; i < 100; i++) host.Logger.LogInformation("record {N} {Padding}", i, new string('x', 2000));
        host.Logger.LogInformation("large {Padding}", new string('x', 70_000));
        await Arrived(host);

        Assert.That(_server.Documents, Has.Count.EqualTo(100));
        Assert.That(_server.Http.Requests.Select(request => request.Body.Length), Has.All.LessThanOrEqualTo(64 * 1024));
        DeliveryTests.Balance(Report(host), delivered: 100, ("too_large", 1));
    }

    [Test]
    public async Task A_connection_that_is_cut_after_the_records_were_taken_doubles_none()
    {
        _server.IsCut = number => number == 1;
        using var host = Start();
        for (var i = 0; i < 50; i++) host.Logger.LogInformation("record {N}", i);
        await Arrived(host);

        Assert.That(_server.Sizes, Is.EqualTo(new[] { 50, 50 }));
        Assert.That(_server.Messages, Is.EquivalentTo(Enumerable.Range(0, 50).Select(n => $"record {n}")));
        DeliveryTests.Balance(Report(host), delivered: 50);
    }

    [Test]
    public async Task A_page_of_something_else_is_no_answer_and_loses_nothing()
    {
        _server.Whole = (number, _) => number == 1 ? ScriptedServer.Status(200, "Content-Type: text/html\r\n", "<html>Welcome</html>") : null;
        using var host = Start();
        host.Logger.LogInformation("one");
        await Arrived(host);

        DeliveryTests.Balance(Report(host), delivered: 1);
        Assert.That(Errors().First().Problem, Does.Contain("does not answer as a bulk request is answered").And.Contain("Endpoint"));
    }

    [Test]
    public async Task Whatever_the_server_does_every_record_is_there_once_or_counted()
    {
        const int Records = 2000;
        var random = new Random(7);
        _server.Whole = (_, count) =>
        {
            lock (random)
            {
                return random.Next(8) switch
                {
                    0 => ScriptedServer.Status(503),
                    1 => ScriptedServer.Status(429, "Retry-After: 0\r\n"),
                    2 when count > 20 => ScriptedServer.Status(413),
                    3 => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
                    _ => null,
                };
            }
        };
        _server.Item = (document, _) =>
        {
            if ((int)document["numeric_labels"]!["N"]! % 50 == 0) return BulkServer.Unmappable;
            lock (random) return random.Next(5) == 0 ? BulkServer.Busy : null;
        };
        _server.IsCut = _ =>
        {
            lock (random) return random.Next(6) == 0;
        };
        var clock = new FakeClock();
        using var host = Start(clock, ("BufferSize", "50"), ("FlushInterval", "0s"));
        var unbalanced = new List<string>();
        var logging = Task.Run(() => Parallel.For(0, Records, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => host.Logger.LogInformation("record {N}", i)));
        await Within.Steps(clock, TimeSpan.FromSeconds(1), IsDone, "all is delivered or refused");

        Assert.That(unbalanced, Is.Empty);
        Assert.That(_server.Messages, Is.EquivalentTo(Enumerable.Range(0, Records).Where(n => n % 50 != 0).Select(n => $"record {n}")), "None lost, none twice.");
        DeliveryTests.Balance(Report(host), delivered: Records - 40, ("rejected", 40));

        bool IsDone()
        {
            var report = Report(host);
            if (report.Accepted != report.Delivered + report.Dropped.Values.Sum() + report.PendingItems) unbalanced.Add(report.ToString());
            return logging.IsCompleted && report.Accepted == Records && report.PendingItems == 0;
        }
    }

    [Test]
    public async Task What_waits_outlives_the_application_and_its_key_is_given_by_the_next()
    {
        using var folder = new TemporaryFolder();
        _server.Http.Stop();
        using (var host = Start(null, folder.File("outbox.db"), ("ApiKey", "first-hush-key")))
        {
            for (var i = 0; i < 20; i++) host.Logger.LogInformation("record {N}", i);
            await host.StopAsync();
        }

        var stored = string.Concat(folder.Files.Where(name => !name.EndsWith(".lock", StringComparison.Ordinal)).Select(name => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(folder.File(name)))));
        Assert.That(stored, Is.Not.Empty.And.Not.Contains("hush"));
        _server.Http.Restart();
        using (var host = Start(null, folder.File("outbox.db"), ("ApiKey", "second-hush-key")))
        {
            await Within.Time(() => _server.Documents.Count == 20, "all arrive");
            await Within.Time(() => Report(host).PendingItems == 0, "and are known to");
            Assert.That((Report(host).Adopted, Report(host).Delivered), Is.EqualTo((20L, 20L)));
            await host.StopAsync();
        }

        Assert.That(_server.Http.Requests.Select(request => request.Headers["Authorization"]), Has.All.EqualTo("ApiKey second-hush-key"));
    }

    [Test]
    public async Task Where_nothing_is_delivered_each_request_is_tried_once()
    {
        _server.Whole = (number, _) => number == 1 ? ScriptedServer.Status(503) : null;
        using var host = Start(("Delivery:Enabled", "false"), ("FlushInterval", "0s"));
        host.Logger.LogInformation("lost");
        await Within.Time(() => TelemetryLosses.Counted("logs", Component, "attempts") == 1, "it is lost");
        host.Logger.LogInformation("kept");
        await Within.Time(() => _server.Documents.Count == 1, "it arrives");

        Assert.That(_server.Messages, Is.EqualTo(new[] { "kept" }));
        Assert.That(host.Services.GetRequiredService<TelemetryManager>().Delivery.GetReport().Destinations.Select(one => one.Name), Does.Not.Contain(Component));
    }

    [Test]
    public async Task A_name_that_is_there_twice_is_one_label()
    {
        using var host = Start();
        using (host.Logger.BeginScope(new Dictionary<string, object> { ["Order_Id"] = "scope" })) host.Logger.LogInformation("{Order.Id} is {Id} and {Id}", "a", "b", "c");
        await Flush(host);

        var labels = _server.Documents.Values.Single()["labels"]!;
        Assert.That(((string)labels["Order_Id"]!, (string)labels["Id"]!), Is.EqualTo(("a", "c")));
    }

    [Test]
    public void Wrong_settings_are_reported_at_the_start_all_at_once_and_tell_no_secret()
    {
        var error = Assert.Throws<TelemetryConfigurationException>(() => Start(
            ("Endpoint", "ftp://somewhere"), ("Index", "Logs-%Q"), ("Username", "user"), ("ApiKey", "hush key"), ("BufferSize", "0"), ("MaxRequestBytes", "12"), ("Delivery:Backoff", "-1s")))!;

        foreach (var setting in new[] { "Endpoint", "Index", "ApiKey", "BufferSize", "MaxRequestBytes", "Delivery:Backoff" }) Assert.That(error.Message, Does.Contain($"Telemetry:Logs:Sinks:{_name}:{setting}"));
        Assert.That(error.Message, Does.Not.Contain("hush"));
    }

    [Test]
    public void Options_as_text_tell_no_secret()
    {
        var options = new ElasticsearchLogOptions { Password = "hush", ApiKey = "hush", BearerToken = "hush", Endpoint = new Uri("http://localhost:9200/?key=hush"), Headers = new Dictionary<string, string> { ["key"] = "hush" } };

        Assert.That(options.ToString(), Does.Contain("http://localhost:9200/").And.Not.Contain("hush"));
    }

    private string Component => "log_" + _name;

    private static DestinationReport Find(LogHost host, string name) =>
        host.Services.GetRequiredService<TelemetryManager>().Delivery.GetReport().Destinations.Single(destination => destination.Name == name);

    private static async Task Flush(LogHost host) => Assert.That(await host.Services.GetRequiredService<TelemetryManager>().FlushAsync(), Is.True);

    private DestinationReport Report(LogHost host) => Find(host, Component);

    private async Task Arrived(LogHost host)
    {
        host.Flush();
        await Within.Time(() => Report(host) is { Accepted: > 0, PendingItems: 0 }, "nothing waits");
    }

    private IEnumerable<TelemetryError> Errors() => _errors.Where(error => error.Component == Component);

    private LogHost Start(params (string Key, string Value)[] settings) => Start(null, null, settings);

    private LogHost Start(TimeProvider clock, params (string Key, string Value)[] settings) => Start(clock, null, settings);

    /// <summary>An application with the sink, that of the library itself sends nothing.</summary>
    private LogHost Start(TimeProvider? clock, string? outbox, params (string Key, string Value)[] settings)
    {
        var path = $"Telemetry:Logs:Sinks:{_name}:";
        (string, string)[] all =
        [
            (path + "Type", "Elasticsearch"), (path + "Endpoint", _server.Endpoint), (path + "FlushInterval", "1h"), (path + "Filters:0:Category", "OtelTelemetry*"), (path + "Filters:0:DropErrors", "true"),
            (path + "Delivery:Backoff", "20ms"), (path + "Delivery:MaxBackoff", "200ms"), ("Telemetry:Delivery:BreakDuration", "500ms"), ("Telemetry:ShutdownTimeout", "5s"),
            .. outbox is null ? Array.Empty<(string, string)>() : [("Telemetry:Delivery:Outbox:Path", outbox)],
            .. settings.Select(setting => (path + setting.Key, setting.Value)),
        ];
        return LogHost.Start(
            builder =>
            {
                var telemetry = builder.AddPepperTelemetry();
                if (outbox is not null) telemetry.AddSqliteOutbox();
            },
            clock: clock,
            settings: [.. all.Reverse().DistinctBy(setting => setting.Item1)]);
    }

    private void Note(TelemetryError error) => _errors.Enqueue(error);
}
