namespace OtelTelemetry.Testing;

/// <summary>What the value of a captured series means.</summary>
public enum CapturedKind
{
    /// <summary>A sum: a counter, an up-down counter.</summary>
    Sum,

    /// <summary>The last value: a gauge.</summary>
    LastValue,

    /// <summary>The sum of observations, beside their number: a histogram, a summary.</summary>
    Distribution,
}
