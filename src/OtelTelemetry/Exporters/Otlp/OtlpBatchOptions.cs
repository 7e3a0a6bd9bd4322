namespace OtelTelemetry.Exporters.Otlp;

/// <summary>How items are gathered before they are sent. An item that finds the queue full is dropped.</summary>
public sealed class OtlpBatchOptions
{
    /// <summary>The most items that wait. At least 1. Default: 2048.</summary>
    public int QueueSize { get; set; } = 2048;

    /// <summary>The most items in one request. At least 1, at most <see cref="QueueSize"/>. Default: 512.</summary>
    public int BatchSize { get; set; } = 512;

    /// <summary>The most time an item waits for others. More than zero. Default: 5 seconds for spans, 1 second for log records
    /// (OpenTelemetry environment variable specification, <c>OTEL_BSP_*</c> and <c>OTEL_BLRP_*</c>).</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most time the sending of one batch may take. More than zero. Default: 30 seconds.</summary>
    public TimeSpan ExportTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
