using OtelTelemetry.Metrics;

namespace OtelTelemetry.Delivery;

/// <summary>The metrics <c>telemetry_delivery_*</c> of one destination. What is dropped is in <c>telemetry_dropped_total</c>.</summary>
internal sealed class DeliveryMetrics
{
    private static readonly MetricsCollector s_metrics = new("telemetry_delivery");
    private static readonly Counter s_accepted = s_metrics.CreateCounter("accepted_total", "Spans, points and log records given to a destination.", "destination", "signal");
    private static readonly Counter s_adopted = s_metrics.CreateCounter("adopted_total", "Items taken over from processes that ended.", "destination", "signal");
    private static readonly Counter s_delivered = s_metrics.CreateCounter("delivered_total", "Items the backend took.", "destination", "signal");
    private static readonly Counter s_attempts = s_metrics.CreateCounter("attempts_total", "Requests sent, by their result.", "destination", "signal", "result");
    private static readonly Gauge s_pendingItems = s_metrics.CreateGauge("pending_items", "Items that wait.", "destination", "signal");
    private static readonly Gauge s_pendingBytes = s_metrics.CreateGauge("pending_bytes", "Bytes of the requests that wait.", "destination", "signal");
    private static readonly Gauge s_oldest = s_metrics.CreateGauge("oldest_timestamp_seconds", "When the oldest request that waits was accepted; 0 when none waits.", "destination", "signal");

    public DeliveryMetrics(string destination, string signal)
    {
        Accepted = s_accepted.With(destination, signal);
        Adopted = s_adopted.With(destination, signal);
        Delivered = s_delivered.With(destination, signal);
        GoodAttempts = s_attempts.With(destination, signal, "ok");
        FailedAttempts = s_attempts.With(destination, signal, "failed");
        PendingItems = s_pendingItems.With(destination, signal);
        PendingBytes = s_pendingBytes.With(destination, signal);
        Oldest = s_oldest.With(destination, signal);
    }

    public BoundCounter Accepted { get; }

    public BoundCounter Adopted { get; }

    public BoundCounter Delivered { get; }

    public BoundCounter GoodAttempts { get; }

    public BoundCounter FailedAttempts { get; }

    public BoundGauge PendingItems { get; }

    public BoundGauge PendingBytes { get; }

    public BoundGauge Oldest { get; }
}
