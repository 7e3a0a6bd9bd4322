using System.Diagnostics;
using OpenTelemetry;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>The official batch of spans, whose losses are counted.</summary>
internal sealed class OtlpSpanBatch : BatchActivityExportProcessor
{
    private readonly BatchDrops _drops;

    public OtlpSpanBatch(BaseExporter<Activity> exporter, OtlpBatchOptions batch, DeliveryDestination? destination, string component = "otlp_traces")
        : base(exporter, batch.QueueSize, OtlpPipeline.Milliseconds(batch.Delay), OtlpPipeline.Milliseconds(batch.ExportTimeout), batch.BatchSize) =>
        _drops = BatchDrops.Of(this, destination, component);

    public override void OnEnd(Activity data)
    {
        base.OnEnd(data);
        _drops.Count();
    }

    /// <summary>The SDK takes a batch for exported once it has left the queue, also while it is still being handed over.</summary>
    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        var started = Stopwatch.GetTimestamp();
        return base.OnForceFlush(timeoutMilliseconds) && exporter.ForceFlush(OtlpPipeline.Left(timeoutMilliseconds, started));
    }
}
