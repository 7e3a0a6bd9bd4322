using OtelTelemetry.Metrics;

namespace OtelTelemetry.Instruments;

/// <summary>
/// What nodes that coordinate themselves are watched by: <c>coordination_messages_total</c>, <c>coordination_active_nodes</c>,
/// <c>coordination_message_latency_seconds</c>. A collector's namespace comes before the names. Several sets on one collector share
/// their metrics. Thread-safe; its methods never throw.
/// </summary>
/// <example><code>
/// var coordination = new CoordinationInstruments(collector);
/// coordination.NodeJoined();
/// coordination.MessageExchanged(TimeSpan.FromMilliseconds(12));
/// </code></example>
public sealed class CoordinationInstruments
{
    private readonly BoundCounter _messages;
    private readonly BoundGauge _activeNodes;
    private readonly Histogram _latency;

    /// <summary>Makes the metrics, or takes those the collector has.</summary>
    /// <param name="collector">Where the metrics are.</param>
    /// <exception cref="DuplicateMetricException">A different metric has one of the names.</exception>
    public CoordinationInstruments(MetricsCollector collector)
    {
        _messages = InstrumentSet.Counter(collector, new CounterOptions("coordination_messages_total") { Help = "Coordination messages." }).With();
        _activeNodes = InstrumentSet.Gauge(collector, new GaugeOptions("coordination_active_nodes") { Help = "Nodes that take part in the coordination." }).With();
        _latency = InstrumentSet.Histogram(collector, new HistogramOptions("coordination_message_latency_seconds")
        {
            Help = "Time from sending to receiving a coordination message.",
            Unit = "s",
        });
    }

    /// <summary>A coordination message was exchanged; how long it took is not known.</summary>
    public void MessageExchanged() => _messages.Inc();

    /// <summary>A coordination message was exchanged.</summary>
    /// <param name="latency">How long it took.</param>
    public void MessageExchanged(TimeSpan latency)
    {
        _messages.Inc();
        _latency.Observe(latency.TotalSeconds);
    }

    /// <summary>Measures the latency of a message from now until the result is disposed. The message itself is not counted.</summary>
    public DurationScope MeasureLatency() => _latency.Time();

    /// <summary>So many nodes take part now.</summary>
    /// <param name="count">Their number.</param>
    public void ActiveNodes(int count) => _activeNodes.Set(count);

    /// <summary>One more node takes part.</summary>
    public void NodeJoined() => _activeNodes.Inc();

    /// <summary>One node less takes part.</summary>
    public void NodeLeft() => _activeNodes.Dec();
}
