using OtelTelemetry.Delivery;

namespace OtelTelemetry.Tests.Delivery;

public class RequestBodyTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(84_999)]
    [TestCase(85_000)]
    [TestCase(1_000_000)]
    public async Task A_body_is_read_whole_and_a_large_one_of_known_size_is_borrowed(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        foreach (var body in new[] { RequestBody.Read(new ByteArrayContent(bytes), default), await RequestBody.ReadAsync(new ByteArrayContent(bytes), default) })
        {
            Assert.That(body.Memory.ToArray(), Is.EqualTo(bytes));
            Assert.That(body.Borrowed is not null, Is.EqualTo(size >= 85_000));
        }

        var unknown = await RequestBody.ReadAsync(new UnknownLength(bytes), default);
        Assert.That(unknown.Memory.ToArray(), Is.EqualTo(bytes));
        Assert.That(unknown.Borrowed, Is.Null);
    }

    [Test]
    public async Task Large_bodies_arrive_unharmed_while_their_memory_is_used_again()
    {
        await using var delivery = new DeliveryMonitor();
        var server = new Sums();
        var destination = delivery.GetOrAdd("large", "traces", delivery.Options, isOtlp: false, () => new HttpMessageInvoker(server));
        using var client = new HttpClient(new DeliveryHandler(destination, server));
        const int Requests = 60;
        for (var i = 1; i <= Requests; i++)
        {
            var bytes = new byte[100_000 + i];
            Array.Fill(bytes, (byte)i);
            using var response = await client.PostAsync(new Uri("http://backend/in"), new ByteArrayContent(bytes));
            if (i % 10 == 0) await delivery.FlushAsync();
        }

        Assert.That(await delivery.FlushAsync(), Is.True);
        Assert.That(server.Seen.Order(), Is.EqualTo(Enumerable.Range(1, Requests).Select(i => ((long)(100_000 + i), (long)i * (100_000 + i)))));
    }

    private sealed class UnknownLength(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>Notes the length and the sum of each body.</summary>
    private sealed class Sums : HttpMessageHandler
    {
        public List<(long Length, long Sum)> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = new MemoryStream();
            await request.Content!.CopyToAsync(body, cancellationToken);
            lock (Seen) Seen.Add((body.Length, body.ToArray().Sum(value => (long)value)));
            return new HttpResponseMessage(System.Net.HttpStatusCode.OK);
        }
    }
}
