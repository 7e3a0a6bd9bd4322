namespace OtelTelemetry.Reading;

/// <summary>
/// Receives the series of a metric family, one call a series. Each method returns whether the reader should go on:
/// <see langword="false"/> pauses the reading after this series, so that a writer can empty its buffer
/// (<see cref="MetricFamilyReader.Read"/> then says where to continue).
/// </summary>
public abstract class MetricVisitor
{
    /// <summary>A counter, gauge or up-down counter.</summary>
    /// <param name="series">The series, with its labels.</param>
    /// <param name="value">Its current value.</param>
    /// <param name="exemplar">The latest exemplar of a counter, or null.</param>
    public abstract bool VisitNumber(Series series, double value, MetricExemplar? exemplar);

    /// <summary>A histogram with explicit bounds.</summary>
    public abstract bool VisitHistogram(Series series, in HistogramView histogram);

    /// <summary>A base-2 exponential histogram.</summary>
    public abstract bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram);

    /// <summary>A summary.</summary>
    public abstract bool VisitSummary(Series series, in SummaryView summary);
}
