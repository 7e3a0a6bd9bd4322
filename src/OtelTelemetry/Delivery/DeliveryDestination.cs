using OtelTelemetry.Delivery.Otlp;

namespace OtelTelemetry.Delivery;

/// <summary>One place where requests go: its queue, its pump and its account. Thread-safe.</summary>
internal sealed class DeliveryDestination : IAsyncDisposable
{
    private readonly DeliveryOptions _options;
    private readonly DeliveryAccount _account;
    private readonly DeliveryQueue _queue;
    private readonly DeliveryPump _pump;
    private readonly HttpDeliverySender _sender;
    private readonly TimeProvider _time;

    public DeliveryDestination(
        string name, string signal, DeliveryOptions options, bool isOtlp, IOutbox outbox, DeliveryCircuits circuits, Func<HttpMessageInvoker> createClient, TimeProvider time)
    {
        Name = name;
        _options = options;
        _time = time;
        _account = new DeliveryAccount(name, signal);
        _sender = new HttpDeliverySender(createClient, isOtlp, time);
        _queue = new DeliveryQueue(options, outbox, _account, time);
        _pump = new DeliveryPump(options, _queue, _account, _sender, circuits, outbox.IsDurable, time);
    }

    public string Name { get; }

    /// <summary>Says how requests to an address are sent now; what waits for it can go.</summary>
    /// <returns>False when there are too many addresses: the request is to be sent directly.</returns>
    public bool Learn(DeliveryRoute route)
    {
        var isNew = !_sender.Knows(route.Key);
        if (!_sender.Learn(route)) return false;
        if (isNew)
        {
            _queue.RouteIsKnown(route.Key);
            _pump.Wake();
        }

        return true;
    }

    /// <summary>Takes a request in.</summary>
    /// <param name="route">Where it goes.</param>
    /// <param name="contentType">The body's type, or empty.</param>
    /// <param name="contentEncoding">The body's encoding, or empty.</param>
    /// <param name="items">How many items it carries; null to count them.</param>
    /// <param name="body">The body. It is kept.</param>
    /// <returns>Whether it waits now; false when it was dropped.</returns>
    public bool Accept(DeliveryRoute route, string contentType, string contentEncoding, long? items, byte[] body)
    {
        items ??= CountItems(route, contentType, contentEncoding, body);
        if (_options.Gzip && contentEncoding.Length == 0) (body, contentEncoding) = Compress(route, body);
        var waits = _queue.Add(new OutboxItem
        {
            Destination = Name,
            Route = route.Key,
            ContentType = contentType,
            ContentEncoding = contentEncoding,
            Items = items.Value,
            Created = _time.GetUtcNow(),
            Body = body,
        });
        _pump.Wake();
        return waits;
    }

    /// <summary>Counts items that never became a request.</summary>
    public void Refuse(long items, string reason) => _account.Refuse(items, reason);

    public Task<bool> FlushAsync(CancellationToken cancellationToken) => _pump.FlushAsync(cancellationToken);

    public async Task StopAsync(TimeSpan budget)
    {
        await _pump.StopAsync(budget).ConfigureAwait(false);
        _queue.Close();
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync().ConfigureAwait(false);
        _sender.Dispose();
    }

    public DestinationReport Report() => _account.Report(_time.GetUtcNow(), _queue.Oldest, _queue.IsDown);

    private long CountItems(DeliveryRoute route, string contentType, string contentEncoding, byte[] body)
    {
        if (route.IsGrpc) return OtlpItems.Count(GrpcFrame.Message(body), _account.Signal);
        return contentType == "application/x-protobuf" && contentEncoding.Length == 0 && _sender.IsOtlp ? OtlpItems.Count(body, _account.Signal) : 1;
    }

    private static (byte[] Body, string Encoding) Compress(DeliveryRoute route, byte[] body)
    {
        if (!route.IsGrpc) return (GzipBody.Compress(body), "gzip");
        return GrpcFrame.IsCompressed(body) ? (body, "") : (GrpcFrame.Compressed(GrpcFrame.Message(body)), "gzip");
    }
}
