using System.Diagnostics;

namespace OtelTelemetry.Reading;

/// <summary>One measurement kept as an example, with the span it was made in. Immutable.</summary>
/// <param name="Value">The measured value.</param>
/// <param name="Timestamp">When it was measured.</param>
/// <param name="TraceId">The trace of the span that was current and recorded.</param>
/// <param name="SpanId">The span.</param>
public sealed record MetricExemplar(double Value, DateTimeOffset Timestamp, ActivityTraceId TraceId, ActivitySpanId SpanId);
