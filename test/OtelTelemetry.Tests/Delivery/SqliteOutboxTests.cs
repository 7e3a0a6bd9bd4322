using System.Runtime.Versioning;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Sqlite;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>The outbox in a file. Two objects on one file are to each other as two processes: what tells them apart is who holds a lock.</summary>
public class SqliteOutboxTests
{
    private readonly List<TelemetryError> _errors = [];
    private FakeClock _clock = null!;
    private string _folder = null!;
    private string _path = null!;

    [SetUp]
    public void MakeFolder()
    {
        _clock = new FakeClock();
        _folder = Directory.CreateTempSubdirectory("outbox-test-").FullName;
        _path = Path.Combine(_folder, "below", "outbox.db");
        _errors.Clear();
        TelemetryErrors.Reported += Note;
    }

    [TearDown]
    public void RemoveFolder()
    {
        TelemetryErrors.Reported -= Note;
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public void What_was_appended_is_read_as_it_was()
    {
        using var outbox = Open();
        var item = Item("one") with { ContentEncoding = "gzip", Items = 512, Body = new byte[] { 0, 1, 255 } };

        var id = outbox.Append([item]).Single();

        var read = outbox.Read(id)!;
        Assert.That(read with { Body = item.Body }, Is.EqualTo(item));
        Assert.That(read.Body.ToArray(), Is.EqualTo(item.Body.ToArray()));
        outbox.Remove([id]);
        Assert.That(outbox.Read(id), Is.Null);
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void The_files_belong_to_their_user_alone()
    {
        using var outbox = Open();
        outbox.Append([Item("one")]);

        var files = Directory.GetFiles(Path.GetDirectoryName(_path)!);
        Assert.That(files, Has.Length.EqualTo(4), "The file, its log, its index of the log, the owner's lock.");
        Assert.That(files.Select(file => File.GetUnixFileMode(file)), Has.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), string.Join(", ", files));
    }

    [Test]
    public void What_a_process_leaves_belongs_to_the_next_one_oldest_first()
    {
        using (var first = Open()) first.Append([Item("a"), Item("b") with { Created = _clock.GetUtcNow() - TimeSpan.FromHours(1) }, Item("c")]);
        using var second = Open();

        var adopted = second.Adopt("place");

        Assert.That(adopted.Select(entry => Text(second.Read(entry.Id)!)), Is.EqualTo(new[] { "b", "a", "c" }));
        Assert.That(second.Adopt("place"), Is.Empty);
        Assert.That(second.Adopt("elsewhere"), Is.Empty);
    }

    [Test]
    public void What_belongs_to_a_living_process_is_left_alone()
    {
        using var first = Open();
        using var second = Open();
        var ids = first.Append([Item("a")]);

        Assert.That(second.Adopt("place"), Is.Empty);
        Assert.That(second.Read(ids[0]), Is.Null);
        Assert.That(second.RemoveAbandoned(DateTimeOffset.MaxValue), Is.Empty);
        Assert.That(first.Read(ids[0]), Is.Not.Null);
    }

    [Test]
    public async Task Two_that_adopt_at_once_share_nothing_and_leave_nothing()
    {
        for (var i = 0; i < 20; i++)
        {
            using var ended = Open();
            ended.Append([Item($"{i}")]);
        }

        using var first = Open();
        using var second = Open();
        var adopted = await Task.WhenAll(Task.Run(() => first.Adopt("place")), Task.Run(() => second.Adopt("place")));
        // One that is being looked at by the other is left for the next time.
        var all = adopted.SelectMany(entries => entries).Concat(first.Adopt("place")).Select(entry => entry.Id).ToList();

        Assert.That(all, Is.Unique);
        Assert.That(all, Has.Count.EqualTo(20));
    }

    [Test]
    public void Requests_of_destinations_that_are_no_more_are_removed_when_they_are_old()
    {
        using (var first = Open()) first.Append([Item("old") with { Created = _clock.GetUtcNow() - TimeSpan.FromHours(2) }, Item("new")]);
        using var second = Open();

        Assert.That(second.RemoveAbandoned(_clock.GetUtcNow() - TimeSpan.FromHours(1)).Single().Items, Is.EqualTo(1));
        Assert.That(second.Adopt("place").Select(entry => Text(second.Read(entry.Id)!)), Is.EqualTo(new[] { "new" }));
    }

    [Test]
    public void Many_writers_at_once_lose_nothing()
    {
        var outboxes = Enumerable.Range(0, 4).Select(_ => Open()).ToArray();
        Parallel.ForEach(outboxes, outbox =>
        {
            for (var i = 0; i < 50; i++) outbox.Remove([outbox.Append([Item("gone"), Item("kept")])[0]]);
        });
        foreach (var outbox in outboxes) outbox.Dispose();

        using var next = Open();
        Assert.That(next.Adopt("place").Select(entry => Text(next.Read(entry.Id)!)), Is.EqualTo(Enumerable.Repeat("kept", 200)));
    }

    [TestCase(0)]
    [TestCase(5000)]
    public void A_damaged_file_is_moved_aside_and_reported_and_a_new_one_serves(int from)
    {
        using (var first = Open()) first.Append([.. Enumerable.Range(0, 200).Select(i => Item(new string('x', 1000)))]);
        using (var file = new FileStream(_path, FileMode.Open))
        {
            file.Position = from;
            file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - from).ToArray());
        }

        using var outbox = Open();
        try
        {
            outbox.Adopt("place");
        }
        catch (OutboxException)
        {
            // Damage inside shows when it is read; what follows works.
        }

        var id = outbox.Append([Item("after")])[0];

        Assert.That(Text(outbox.Read(id)!), Is.EqualTo("after"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(_path)!, "outbox.db.damaged-*"), Has.Length.EqualTo(1));
        Assert.That(Errors().Count(error => error.Problem.Contains("was damaged and is now", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void The_file_shrinks_when_everything_is_delivered()
    {
        using var outbox = Open();
        var ids = outbox.Append([.. Enumerable.Range(0, 1000).Select(_ => Item(new string('x', 2000)))]);
        outbox.Remove(ids);

        Assert.That(new FileInfo(_path).Length, Is.LessThan(200_000));
    }

    [Test]
    public async Task A_full_disk_is_reported_and_the_service_goes_on_and_comes_back()
    {
        using var disk = SmallDisk.Mount(_folder, "512k");
        using var outbox = new SqliteOutbox(Path.Combine(disk.Path, "outbox.db"), _clock);
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        var delivery = new DeliveryMonitor(new DeliveryOptions { Mode = DeliveryMode.Outbox }, outbox, _clock);
        await using var end = delivery;
        using var client = delivery.CreateHttpClient("full_disk");
        await Send("first");
        Assert.That(await delivery.FlushAsync(), Is.True);
        var filler = Path.Combine(disk.Path, "filler");
        disk.Fill(filler);

        await Send(new string('x', 50_000));
        Assert.That(await delivery.FlushAsync(), Is.True, "The backend is there, so nothing is lost.");
        server.Stop();
        for (var i = 0; i < 5; i++) await Send($"{i}" + new string('y', 50_000));
        Assert.That(await delivery.FlushAsync(), Is.False);
        Assert.That(Errors().Count(error => error.Component == "outbox"), Is.GreaterThanOrEqualTo(1));
        Assert.That(Errors().First(error => error.Component == "outbox").Problem, Does.Contain("full").Or.Contain("I/O"));

        File.Delete(filler);
        await Send("after");
        server.Restart();
        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => delivery.GetReport().Destinations[0].PendingItems == 0, "all is delivered");

        Assert.That(server.Bodies.Select(body => body[..1]), Is.EqualTo(new[] { "f", "x", "0", "1", "2", "3", "4", "a" }));
        DeliveryTests.Balance(delivery.GetReport().Destinations[0], delivered: 8);

        async Task Send(string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent(body) };
            (await client.SendAsync(request)).Dispose();
        }
    }

    [Test]
    public async Task The_next_process_delivers_what_the_last_one_could_not_in_order_and_with_its_own_headers()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        server.Stop();
        await Run("old-secret-123", async (delivery, send) =>
        {
            for (var i = 0; i < 10; i++) await send($"body {i}");
            Assert.That(await delivery.FlushAsync(), Is.False);
        });

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_path)!)) Assert.That(File.ReadAllText(file), Does.Not.Contain("secret-123").And.Not.Contain("token"), file);
        server.Restart();
        await Run("new-secret-123", async (delivery, send) =>
        {
            await send("body 10");
            await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => server.Requests.Count == 11, "all arrive");
            Assert.That(await delivery.FlushAsync(), Is.True);
            var report = delivery.GetReport().Destinations[0];
            Assert.That(report.Adopted, Is.EqualTo(10));
            DeliveryTests.Balance(report, delivered: 11);
        });

        Assert.That(server.Bodies.Order(StringComparer.Ordinal), Is.EqualTo(Enumerable.Range(0, 11).Select(i => $"body {i}").Order(StringComparer.Ordinal)));
        Assert.That(server.Bodies.Where(body => body != "body 10"), Is.EqualTo(Enumerable.Range(0, 10).Select(i => $"body {i}")));
        Assert.That(server.Requests.Select(request => request.Headers["api-key"]), Has.All.EqualTo("new-secret-123"));

        async Task Run(string key, Func<DeliveryMonitor, Func<string, Task>, Task> run)
        {
            using var outbox = Open();
            var delivery = new DeliveryMonitor(null, outbox, _clock);
            await using var end = delivery;
            using var client = delivery.CreateHttpClient("next_process");
            client.DefaultRequestHeaders.Add("api-key", key);
            await run(delivery, async body =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, server.Address + "?token=" + key) { Content = new StringContent(body) };
                request.RequestUri = new Uri(server.Address + "?token=the-same");
                (await client.SendAsync(request)).Dispose();
            });
        }
    }

    [Test]
    public async Task Two_processes_on_one_file_deliver_each_request_once()
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        server.Stop();
        using var first = Open();
        using var second = Open();
        var deliveries = new[] { new DeliveryMonitor(null, first, _clock), new DeliveryMonitor(null, second, _clock) };
        for (var i = 0; i < deliveries.Length; i++)
        {
            using var client = deliveries[i].CreateHttpClient("shared_file");
            for (var n = 0; n < 10; n++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new StringContent($"{i} {n}") };
                (await client.SendAsync(request)).Dispose();
            }
        }

        server.Restart();
        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => deliveries.Sum(one => one.GetReport().Destinations[0].Delivered) == 20, "all arrive");
        foreach (var delivery in deliveries) await delivery.DisposeAsync();

        Assert.That(server.Bodies, Is.Unique);
        for (var i = 0; i < deliveries.Length; i++)
        {
            Assert.That(server.Bodies.Where(body => body.StartsWith($"{i} ", StringComparison.Ordinal)), Is.EqualTo(Enumerable.Range(0, 10).Select(n => $"{i} {n}")));
        }
    }

    private SqliteOutbox Open() => new(_path, _clock);

    private OutboxItem Item(string body) => new()
    {
        Destination = "place",
        Route = "route",
        ContentType = "text/plain",
        Items = 1,
        Created = _clock.GetUtcNow(),
        Body = System.Text.Encoding.UTF8.GetBytes(body),
    };

    private static string Text(OutboxItem item) => System.Text.Encoding.UTF8.GetString(item.Body.Span);

    private List<TelemetryError> Errors()
    {
        lock (_errors) return [.. _errors];
    }

    private void Note(TelemetryError error)
    {
        lock (_errors) _errors.Add(error);
    }
}
