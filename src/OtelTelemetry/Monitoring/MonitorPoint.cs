using OtelTelemetry.Collectors;

namespace OtelTelemetry.Monitoring;

/// <summary>A value that a <see cref="PerformanceMonitor"/> was given. Immutable.</summary>
/// <param name="Time">When it was recorded.</param>
/// <param name="Value">The value: what was set, observed or added; of the system's own counters, the sum since their start.</param>
/// <param name="Labels">The labels of its series.</param>
public readonly record struct MonitorPoint(DateTimeOffset Time, double Value, MetricTags Labels);
