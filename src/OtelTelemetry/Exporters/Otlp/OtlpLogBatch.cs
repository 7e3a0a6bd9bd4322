using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>The official batch of log records, whose losses are counted.</summary>
internal sealed class OtlpLogBatch : BatchLogRecordExportProcessor
{
    private readonly BatchDrops _drops;

    public OtlpLogBatch(BaseExporter<LogRecord> exporter, OtlpBatchOptions batch, DeliveryDestination? destination)
        : base(exporter, batch.QueueSize, OtlpPipeline.Milliseconds(batch.Delay), OtlpPipeline.Milliseconds(batch.ExportTimeout), batch.BatchSize) =>
        _drops = BatchDrops.Of(this, destination, "otlp_logs");

    public override void OnEnd(LogRecord data)
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
