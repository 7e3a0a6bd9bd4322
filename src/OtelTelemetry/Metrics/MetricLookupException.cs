namespace OtelTelemetry.Metrics;

/// <summary>A metric was asked for that is not there, or that is of another kind. The message says what there is and what to do.
/// Thrown when a metric is looked up or injected; never while recording.</summary>
public sealed class MetricLookupException : InvalidOperationException
{
    internal MetricLookupException(string name, string message)
        : base(message)
    {
        MetricName = name;
    }

    /// <summary>The name that was asked for.</summary>
    public string MetricName { get; }
}
