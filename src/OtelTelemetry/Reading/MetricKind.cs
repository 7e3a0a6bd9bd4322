namespace OtelTelemetry.Reading;

/// <summary>What a metric family's numbers mean, whatever library recorded them.</summary>
public enum MetricKind
{
    /// <summary>A sum that only grows, until its process restarts.</summary>
    Counter,

    /// <summary>A value that is set, and may go up and down. Values of different series must not be added.</summary>
    Gauge,

    /// <summary>A sum that goes up and down, such as a number of open connections. Values of different series may be added.</summary>
    UpDownCounter,

    /// <summary>Counts of observations in buckets with explicit upper bounds.</summary>
    Histogram,

    /// <summary>Counts of observations in base-2 exponential buckets (OpenTelemetry metrics data model, section "ExponentialHistogram").</summary>
    ExponentialHistogram,

    /// <summary>A count, a sum and quantiles computed in this process.</summary>
    Summary,
}
