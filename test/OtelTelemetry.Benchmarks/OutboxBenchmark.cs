using System.Diagnostics;
using System.Globalization;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Sqlite;

namespace OtelTelemetry.Benchmarks;

/// <summary>What the outbox costs: a batch in and out, alone and with a whole delivery around it.</summary>
internal static class OutboxBenchmark
{
    private const int Batches = 2000;

    public static async Task RunAsync()
    {
        Console.WriteLine("| case | batch | us/batch | MB/s |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var kilobytes in (int[])[4, 50, 200])
        {
            var body = new byte[kilobytes * 1000];
            new Random(1).NextBytes(body);
            InFile("append", body, (outbox, item) => outbox.Append([item]));
            InFile("append, read, remove", body, (outbox, item) =>
            {
                var id = outbox.Append([item])[0];
                outbox.Read(id);
                outbox.Remove([id]);
            });
            Measure("memory: append, read, remove", body, new MemoryOutbox(), (outbox, item) =>
            {
                var id = outbox.Append([item])[0];
                outbox.Read(id);
                outbox.Remove([id]);
            });
            await HandOverAsync("hand over, OnFailure", body, DeliveryMode.OnFailure).ConfigureAwait(false);
            await HandOverAsync("hand over, Outbox", body, DeliveryMode.Outbox).ConfigureAwait(false);
        }

        await DrainAsync().ConfigureAwait(false);
    }

    private static void InFile(string name, byte[] body, Action<IOutbox, OutboxItem> use)
    {
        var folder = Directory.CreateTempSubdirectory("outbox-benchmark-");
        Measure("file: " + name, body, new SqliteOutbox(Path.Combine(folder.FullName, "outbox.db")), use);
        folder.Delete(recursive: true);
    }

    private static void Measure(string name, byte[] body, IOutbox outbox, Action<IOutbox, OutboxItem> use)
    {
        using var end = outbox;
        var item = new OutboxItem { Destination = "place", Route = "route", Items = 512, Created = TimeProvider.System.GetUtcNow(), Body = body };
        for (var i = 0; i < 50; i++) use(outbox, item);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Batches; i++) use(outbox, item);
        Print(name, body.Length, Batches, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>What an exporter waits for: its request is taken over, whatever the backend does.</summary>
    private static async Task HandOverAsync(string name, byte[] body, DeliveryMode mode)
    {
        var folder = Directory.CreateTempSubdirectory("outbox-benchmark-");
        using (var outbox = new SqliteOutbox(Path.Combine(folder.FullName, "outbox.db")))
        {
            var delivery = new DeliveryMonitor(new DeliveryOptions { Mode = mode }, outbox);
            await using var end = delivery.ConfigureAwait(false);
            using var client = Client(delivery, "hand_over", TimeSpan.Zero);
            for (var i = 0; i < 50; i++) Send(client, body);
            await delivery.FlushAsync().ConfigureAwait(false);
            var took = TimeSpan.Zero;
            for (var i = 0; i < Batches / 4; i++)
            {
                var started = Stopwatch.GetTimestamp();
                Send(client, body);
                took += Stopwatch.GetElapsedTime(started);
                await delivery.FlushAsync().ConfigureAwait(false);
            }

            Print(name, body.Length, Batches / 4, took);
        }

        folder.Delete(recursive: true);
    }

    /// <summary>A backlog of 100 MB in the file, and a backend that takes everything at once.</summary>
    private static async Task DrainAsync()
    {
        var folder = Directory.CreateTempSubdirectory("outbox-benchmark-");
        var path = Path.Combine(folder.FullName, "outbox.db");
        var body = new byte[50_000];
        using (var away = new SqliteOutbox(path))
        {
            var items = Enumerable.Range(0, 2000).Select(i => new OutboxItem
            {
                Destination = "drain",
                Route = DeliveryRoute.KeyOf(HttpMethod.Post, s_address),
                Items = 512,
                Created = TimeProvider.System.GetUtcNow(),
                Body = body,
            }).ToArray();
            foreach (var chunk in items.Chunk(100)) away.Append(chunk);
        }

        using (var outbox = new SqliteOutbox(path))
        {
            var delivery = new DeliveryMonitor(new DeliveryOptions { Order = DeliveryOrder.LiveFirst, PollInterval = TimeSpan.FromMilliseconds(50) }, outbox);
            await using var end = delivery.ConfigureAwait(false);
            using var client = Client(delivery, "drain", TimeSpan.Zero);
            var started = Stopwatch.GetTimestamp();
            Send(client, body);
            var slowest = TimeSpan.Zero;
            while (delivery.GetReport().Destinations[0].Delivered < 2000 * 512)
            {
                // Live data goes on, and must get through between what is old.
                var live = Stopwatch.GetTimestamp();
                Send(client, body);
                var took = Stopwatch.GetElapsedTime(live);
                if (took > slowest) slowest = took;
                await Task.Delay(20).ConfigureAwait(false);
            }

            Print("file: drain 100 MB, live data between", body.Length, 2000, Stopwatch.GetElapsedTime(started));
            Console.WriteLine($"the slowest hand-over meanwhile: {slowest.TotalMilliseconds:0.0} ms");
        }

        folder.Delete(recursive: true);
    }

    private static readonly Uri s_address = new("http://backend/in");

    private static HttpClient Client(DeliveryMonitor delivery, string name, TimeSpan takes)
    {
        var destination = delivery.GetOrAdd(name, "traces", delivery.Options, isOtlp: false, () => new HttpMessageInvoker(new Backend(takes)));
        return new HttpClient(new DeliveryHandler(destination, new Backend(takes)));
    }

    private static void Send(HttpClient client, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, s_address) { Content = new ByteArrayContent(body) };
        DeliveryRequest.SetItems(request, 512);
        client.Send(request).Dispose();
    }

    private static void Print(string name, int size, int batches, TimeSpan took) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {size / 1000} KB | {took.TotalMicroseconds / batches:0} | {(double)size * batches / took.TotalSeconds / 1e6:0} |"));

    /// <summary>Takes everything.</summary>
    private sealed class Backend(TimeSpan takes) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (takes > TimeSpan.Zero) await Task.Delay(takes, cancellationToken).ConfigureAwait(false);
            return new HttpResponseMessage(System.Net.HttpStatusCode.OK);
        }
    }
}
