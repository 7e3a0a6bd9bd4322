using OtelTelemetry.Metrics;

namespace OtelTelemetry.Instruments;

/// <summary>
/// What a program that sends and receives messages is watched by: <c>messages_sent_total</c>, <c>messages_received_total</c>,
/// <c>message_queue_size</c>, <c>message_processing_duration_seconds</c>. A collector's namespace comes before the names. Several sets
/// on one collector share their metrics. Thread-safe; its methods never throw.
/// </summary>
/// <example><code>
/// var messaging = new MessagingInstruments(collector);
/// messaging.MessageReceived();
/// using (messaging.MeasureProcessing()) { /* the work */ }
/// </code></example>
public sealed class MessagingInstruments
{
    private readonly BoundCounter _sent;
    private readonly BoundCounter _received;
    private readonly BoundGauge _queueSize;
    private readonly Histogram _processing;

    /// <summary>Makes the metrics, or takes those the collector has.</summary>
    /// <param name="collector">Where the metrics are.</param>
    /// <exception cref="DuplicateMetricException">A different metric has one of the names.</exception>
    public MessagingInstruments(MetricsCollector collector)
    {
        _sent = InstrumentSet.Counter(collector, new CounterOptions("messages_sent_total") { Help = "Messages sent." }).With();
        _received = InstrumentSet.Counter(collector, new CounterOptions("messages_received_total") { Help = "Messages received." }).With();
        _queueSize = InstrumentSet.Gauge(collector, new GaugeOptions("message_queue_size") { Help = "Messages that wait in the queue." }).With();
        _processing = InstrumentSet.Histogram(collector, new HistogramOptions("message_processing_duration_seconds")
        {
            Help = "Time to process a message.",
            Unit = "s",
        });
    }

    /// <summary>A message was sent.</summary>
    public void MessageSent() => _sent.Inc();

    /// <summary>Messages were sent.</summary>
    /// <param name="count">How many; negative is counted as dropped.</param>
    public void MessagesSent(long count) => _sent.Inc(count);

    /// <summary>A message was received.</summary>
    public void MessageReceived() => _received.Inc();

    /// <summary>Messages were received.</summary>
    /// <param name="count">How many; negative is counted as dropped.</param>
    public void MessagesReceived(long count) => _received.Inc(count);

    /// <summary>So many messages wait now.</summary>
    /// <param name="count">Their number.</param>
    public void QueueSize(long count) => _queueSize.Set(count);

    /// <summary>A message was processed.</summary>
    /// <param name="duration">How long it took.</param>
    public void MessageProcessed(TimeSpan duration) => _processing.Observe(duration.TotalSeconds);

    /// <summary>Measures the processing of a message from now until the result is disposed.</summary>
    public DurationScope MeasureProcessing() => _processing.Time();
}
