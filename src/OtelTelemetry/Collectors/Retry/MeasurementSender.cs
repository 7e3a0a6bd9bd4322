using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Collectors.Retry;

/// <summary>Gives measurements that waited to whom they are meant for. What was taken of a batch is not given again.</summary>
/// <param name="name">The destination's name.</param>
/// <param name="take">Takes measurements: how many of them, from the first on, and why not all.</param>
internal sealed class MeasurementSender(string name, Func<Metric[], CancellationToken, ValueTask<(int Taken, Exception? Failure)>> take) : IDeliverySender
{
    public bool Knows(string route) => true;

    public string ServerOf(string route) => name;

    public IRequestSplitter? SplitterOf(string route) => null;

    public async Task<DeliveryOutcome> SendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        Metric[] batch;
        try
        {
            batch = MeasurementCodec.Decode(item.Body);
        }
        catch (InvalidDataException exception)
        {
            return DeliveryOutcome.Refused(DeliveryDropReasons.Rejected, exception.Message);
        }

        // One that does not heed its token must not hold up the end.
        var (taken, failure) = await take(batch, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (failure is null) return DeliveryOutcome.Delivered();
        var failed = DeliveryOutcome.Failed($"measurements are not taken: {failure.Message}");
        return taken == 0 ? failed : failed with { Rest = item with { Items = batch.Length - taken, Body = MeasurementCodec.Encode(batch.AsSpan(taken)) } };
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}
