using System.Net.Http.Headers;
using System.Text;
using IronSnappy;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Otlp;
using OtelTelemetry.Delivery.Sqlite;
using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.RemoteWrite;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Exporters.RemoteWrite;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>Requests larger than a backend takes.</summary>
public class RequestSizeTests
{
    private const int Limit = 2000;
    private static int s_destinations;

    private FakeClock _clock = null!;
    private string _name = null!;

    [SetUp]
    public void Create()
    {
        _clock = new FakeClock();
        _name = "sized_" + Interlocked.Increment(ref s_destinations);
    }

    [Test]
    public async Task A_request_above_the_limit_is_split_before_it_is_sent([Values] bool gzip)
    {
        using var server = new ScriptedServer((_, _) => ScriptedServer.Ok);
        await using var delivery = new DeliveryMonitor(null, null, _clock);

        await Send(delivery, server, [Items(40, 200)], new DeliveryOptions { MaxRequestBytes = Limit, Gzip = gzip });
        Assert.That(await delivery.FlushAsync(), Is.True);

        var messages = server.Requests.Select(request => Message(request, gzip)).ToArray();
        Assert.That(messages.Select(message => message.Length), Has.All.LessThanOrEqualTo(Limit));
        Assert.That(messages.Sum(message => OtlpItems.Count(message, "traces")), Is.EqualTo(40));
        DeliveryTests.Balance(Report(delivery), delivered: 40);
    }

    [Test]
    public async Task A_request_that_the_server_finds_too_large_is_sent_in_parts_and_an_item_that_is_too_large_by_itself_is_dropped_once([Values] DeliveryMode mode, [Values] bool durable)
    {
        using var folder = new TemporaryFolder();
        using var outbox = durable ? new SqliteOutbox(folder.File("outbox.db"), _clock) : null;
        using var server = new ScriptedServer((_, request) => request.Body.Length > Limit ? ScriptedServer.Status(413) : ScriptedServer.Ok);
        await using var delivery = new DeliveryMonitor(null, outbox, _clock);
        int[] middle = [.. Items(20, 200), Limit, .. Items(20, 200)];

        await Send(delivery, server, [Items(3, 10), middle, Items(4, 10)], new DeliveryOptions { Mode = mode, Order = DeliveryOrder.InOrder });
        Assert.That(await delivery.FlushAsync(), Is.True);

        var taken = server.Requests.Where(request => request.Body.Length <= Limit).Select(request => OtlpItems.Count(Message(request, false), "traces")).ToArray();
        Assert.That((taken[0], taken[^1], taken.Sum()), Is.EqualTo((3L, 4L, 47L)), "The parts come where the whole came.");
        DeliveryTests.Balance(Report(delivery), delivered: 47, ("too_large", 1));
    }

    [Test]
    public async Task What_waited_for_a_server_is_split_too()
    {
        using var folder = new TemporaryFolder();
        using var outbox = new SqliteOutbox(folder.File("outbox.db"), _clock);
        using var server = new ScriptedServer((_, request) => request.Body.Length > Limit ? ScriptedServer.Status(413) : ScriptedServer.Ok);
        server.Stop();
        await using var delivery = new DeliveryMonitor(null, outbox, _clock);
        await Send(delivery, server, [Items(1, 10), Items(30, 200), Items(2, 10)], new DeliveryOptions());
        Assert.That(await delivery.FlushAsync(), Is.False);

        server.Restart();
        await Within.Steps(_clock, TimeSpan.FromSeconds(1), () => Report(delivery).PendingItems == 0, "all arrive");

        DeliveryTests.Balance(Report(delivery), delivered: 33);
        Assert.That((Report(delivery).PendingRequests, Report(delivery).PendingBytes), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public async Task A_frame_of_gRPC_is_split_as_well([Values] bool gzip)
    {
        var message = ProtobufHalvesTests.Encode([[Items(40, 200)]]);
        var body = gzip ? GrpcFrame.Compressed(message) : GrpcFrame.Of(message);
        var item = new OutboxItem { Destination = _name, Route = "", ContentType = "application/grpc", ContentEncoding = gzip ? "gzip" : "", Items = 40, Created = default, Body = body };

        var (first, second) = new OtlpSplitter("traces").Halve(item)!.Value;

        Assert.That((first.Items, second.Items), Is.EqualTo((20L, 20L)));
        foreach (var part in new[] { first, second })
        {
            Assert.That(GrpcFrame.IsCompressed(part.Body.Span), Is.EqualTo(gzip));
            var inside = gzip ? GzipBody.Decompress(part.Body[GrpcFrame.HeaderLength..])! : GrpcFrame.Message(part.Body.Span).ToArray();
            Assert.That(OtlpItems.Count(inside, "traces"), Is.EqualTo(20));
        }

        await Task.CompletedTask;
    }

    [Test]
    public async Task Remote_write_is_split_between_series()
    {
        using var server = new ScriptedServer((_, request) => request.Body.Length > 600 ? ScriptedServer.Status(413) : ScriptedServer.Ok);
        await using var delivery = new DeliveryMonitor(null, null, _clock);
        await using var exporter = new RemoteWriteExporter(
            new RemoteWriteExporterOptions { Endpoint = server.Address, StaleMarkers = false },
            new ExporterContext("RemoteWrite") { TimeProvider = _clock, CreateHttpClient = () => delivery.CreateHttpClient(_name) });
        var random = new Random(3);
        var family = SomeFamilies.Numbers("split_total", MetricKind.Counter, "", [.. Enumerable.Range(0, 50).Select(i => ($"{i} {random.NextInt64():x16}{random.NextInt64():x16}", (double)i))]);

        Assert.That((await exporter.ExportAsync([family])).Succeeded, Is.True);
        Assert.That(await delivery.FlushAsync(), Is.True);

        var series = server.Requests.Where(request => request.Body.Length <= 600)
            .SelectMany(request => WriteRequestReader.Read(Snappy.Decode(Encoding.Latin1.GetBytes(request.Body))).Series).ToArray();
        Assert.That(series.Where(one => one.Labels.Contains(("__name__", "split_total"))).Select(one => one.Samples.Single().Value), Is.EquivalentTo(Enumerable.Range(0, 50)));
        var report = Report(delivery);
        Assert.That((report.Delivered, report.Dropped.Count), Is.EqualTo((report.Accepted, 0)), report.ToString());
    }

    private static int[] Items(int count, int length) => [.. Enumerable.Repeat(length, count)];

    private static byte[] Message(ScriptedServer.Received request, bool gzip)
    {
        var body = Encoding.Latin1.GetBytes(request.Body);
        return gzip ? GzipBody.Decompress(body)! : body;
    }

    private async Task Send(DeliveryMonitor delivery, ScriptedServer server, int[][] requests, DeliveryOptions options)
    {
        var destination = delivery.GetOrAdd(_name, "traces", options, isOtlp: true, DeliveryMonitor.CreateInvoker);
        using var client = new HttpClient(new DeliveryHandler(destination, new SocketsHttpHandler()));
        foreach (var items in requests)
        {
            using var content = new ByteArrayContent(ProtobufHalvesTests.Encode([[items]]));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            (await client.PostAsync(server.Address, content)).Dispose();
        }
    }

    private DestinationReport Report(DeliveryMonitor delivery) => delivery.GetReport().Destinations.Single(destination => destination.Name == _name);
}
