namespace OtelTelemetry.Metrics;

/// <summary>Why a measurement was not recorded.</summary>
public enum MeasurementDropReason
{
    /// <summary>The value was not a number.</summary>
    NotANumber,

    /// <summary>The value was positive or negative infinity.</summary>
    Infinite,

    /// <summary>A counter was given a negative amount.</summary>
    NegativeIncrement,

    /// <summary>The number or the names of the labels were not those of the metric.</summary>
    LabelMismatch,
}
