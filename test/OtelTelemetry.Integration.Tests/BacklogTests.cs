using System.Collections.Concurrent;
using System.Diagnostics;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Sqlite;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>100 MB that an ended process left in the outbox: they go out as fast as the backend takes them, and what is new is not kept waiting.</summary>
[TestFixture]
public sealed class BacklogTests
{
    private const int Requests = 1000;
    private const int RequestBytes = 100 * 1024;
    private const string Destination = "backlog";

    /// <summary>The numbers of requests that are not of the backlog.</summary>
    private const int Live = 1_000_000;

    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(60);

    private string _folder = null!;
    private GatedServer _server = null!;

    private string Outbox => Path.Combine(_folder, "outbox.db");

    [SetUp]
    public void MakeServer()
    {
        _folder = Directory.CreateTempSubdirectory("oteltelemetry-backlog-").FullName;
        _server = new GatedServer();
    }

    [TearDown]
    public async Task StopEverything()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task What_is_new_arrives_with_the_next_requests_and_the_backlog_keeps_its_order()
    {
        await LeaveBacklog("traces");
        var clock = new WaitingClock();
        using var outbox = new SqliteOutbox(Outbox);
        await using var delivery = new DeliveryMonitor(Options("traces"), outbox, clock);
        using var client = delivery.CreateHttpClient(Destination, "traces");
        _server.Start();
        await Send(client, Live); // The address is known from now on.
        await Arrival(1);

        for (var i = 1; i <= 20; i++)
        {
            var next = _server.Count + 5;
            _server.Answer(5);
            await Arrival(next);

            // The backend has all requests it was given, and has not answered the last one: nothing moves.
            await Send(client, Live + i);
            _server.Answer(2);
            await Arrival(next + 2);
            Assert.That(_server.Arrived.Skip(next), Does.Contain(Live + i), "At the latest after one of the backlog.");
        }

        await Drain(delivery, clock, live: 21);
        Assert.That(_server.Arrived.Where(number => number < Live), Is.EqualTo(Enumerable.Range(0, Requests)));
        Assert.That(_server.Arrived.Where(number => number >= Live), Is.EqualTo(Enumerable.Range(Live, 21)));
    }

    [Test]
    public async Task Where_order_counts_what_is_new_is_handed_over_at_once_and_comes_last()
    {
        await LeaveBacklog("metrics");
        var clock = new WaitingClock();
        using var outbox = new SqliteOutbox(Outbox);
        await using var delivery = new DeliveryMonitor(Options("metrics"), outbox, clock);
        using var client = delivery.CreateHttpClient(Destination, "metrics");
        _server.Start();

        // More than memory would hold, and nobody answers.
        for (var i = 0; i < 100; i++) await Send(client, Live + i);

        await Arrival(1);
        Assert.That(Account(delivery).PendingItems, Is.EqualTo(Requests + 100));
        await Drain(delivery, clock, live: 100);
        Assert.That(_server.Arrived, Is.EqualTo(Enumerable.Range(0, Requests).Concat(Enumerable.Range(Live, 100))));
    }

    /// <summary>A process hands its requests over to a backend that is away, and ends.</summary>
    private async Task LeaveBacklog(string signal)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = Stopwatch.GetTimestamp();
        using var outbox = new SqliteOutbox(Outbox);
        await using var delivery = new DeliveryMonitor(Options(signal), outbox);
        using var client = delivery.CreateHttpClient(Destination, signal);
        for (var i = 0; i < Requests; i++) await Send(client, i);
        var took = Stopwatch.GetElapsedTime(started);

        Assert.That(await delivery.FlushAsync(), Is.False);
        var account = Account(delivery);
        Assert.That((account.PendingItems, account.PendingBytes), Is.EqualTo((Requests, (long)Requests * RequestBytes)));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(16 * 1024 * 1024), "It is in the file only.");
        TestContext.Out.WriteLine($"{Requests} requests of {RequestBytes / 1024} KiB stored in {took.TotalSeconds:0.00} s: {took.TotalMilliseconds / Requests:0.00} ms each");
    }

    /// <summary>The backend answers everything from now on. The delivery never waits of its own accord, so that the backend alone says how fast it goes.</summary>
    private async Task Drain(DeliveryMonitor delivery, WaitingClock clock, int live)
    {
        var left = Requests + live - _server.Count;
        var started = Stopwatch.GetTimestamp();
        _server.Answer(Requests + live);
        Assert.That(await delivery.FlushAsync().WaitAsync(s_longEnough), Is.True);

        var took = Stopwatch.GetElapsedTime(started);
        TestContext.Out.WriteLine($"{left} requests drained in {took.TotalSeconds:0.00} s: {left * RequestBytes / took.TotalSeconds / 1e6:0} MB/s");
        var account = Account(delivery);
        Assert.That((account.Accepted, account.Adopted, account.Delivered, account.PendingItems), Is.EqualTo((live, Requests, Requests + live, 0)));
        Assert.That((account.Attempts, account.FailedAttempts), Is.EqualTo((Requests + live, 0)), "Each was sent once.");
        Assert.That(clock.Waits, Is.Empty);
        Assert.That(OutboxFile.Items(Outbox), Is.Empty);
    }

    /// <summary>All times are long, so that whatever is shorter is a wait.</summary>
    private static DeliveryOptions Options(string signal) => new()
    {
        Mode = DeliveryMode.Outbox,
        Order = signal == "metrics" ? DeliveryOrder.InOrder : DeliveryOrder.LiveFirst,
        AttemptTimeout = TimeSpan.FromMinutes(2),
        PollInterval = TimeSpan.FromHours(1),
    };

    private async Task Send(HttpClient client, int number)
    {
        var body = new byte[RequestBytes];
        new Random(number).NextBytes(body);
        BitConverter.TryWriteBytes(body, number);
        using var content = new ByteArrayContent(body);
        using var response = await client.PostAsync(_server.Address, content).WaitAsync(s_longEnough);
        response.EnsureSuccessStatusCode();
    }

    private Task Arrival(int count) => Eventually.True($"{count} requests arrived", () => Task.FromResult(_server.Count >= count), s_longEnough);

    private static DestinationReport Account(DeliveryMonitor delivery) => delivery.GetReport().Destinations.Single();

    /// <summary>The system's clock, which knows who waited for it.</summary>
    private sealed class WaitingClock : TimeProvider
    {
        public ConcurrentQueue<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.Zero && dueTime < TimeSpan.FromMinutes(1)) Waits.Enqueue(dueTime);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
