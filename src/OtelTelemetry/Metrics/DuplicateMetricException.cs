namespace OtelTelemetry.Metrics;

/// <summary>Two different metrics were registered under one name.</summary>
public sealed class DuplicateMetricException : InvalidOperationException
{
    internal DuplicateMetricException(string name, string registered, string wanted)
        : base($"The metric name '{name}' is taken. Registered: {registered}. Wanted: {wanted}. Give the second metric another name, or register it with the same kind, unit, labels and buckets to get the first one.")
    {
        MetricName = name;
    }

    /// <summary>The name that both wanted.</summary>
    public string MetricName { get; }
}
