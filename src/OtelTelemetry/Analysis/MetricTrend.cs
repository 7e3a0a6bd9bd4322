namespace OtelTelemetry.Analysis;

/// <summary>
/// The straight line that values over time lie closest to: where they are going, and how well a line tells it. Immutable.
/// </summary>
/// <remarks>Ordinary least squares: the slope is cov(t, v) / var(t), and <see cref="Fit"/> is the coefficient of determination.</remarks>
public sealed record MetricTrend
{
    private MetricTrend(int points, DateTimeOffset start, double slope, double intercept, double fit)
    {
        Points = points;
        Start = start;
        SlopePerSecond = slope;
        Intercept = intercept;
        Fit = fit;
    }

    /// <summary>How many values there were.</summary>
    public int Points { get; }

    /// <summary>The time of the first value.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>How much the value changes in a second.</summary>
    public double SlopePerSecond { get; }

    /// <summary>The line's value at <see cref="Start"/>.</summary>
    public double Intercept { get; }

    /// <summary>How much of the values' variation the line explains: from 0 (nothing) to 1 (all; also when they do not vary).</summary>
    public double Fit { get; }

    /// <summary>The trend of values over time. NaN and infinity are left out.</summary>
    /// <param name="values">The values, in any order.</param>
    /// <returns>The trend; null when there are not two different times.</returns>
    public static MetricTrend? Of(IEnumerable<(DateTimeOffset Time, double Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var points = values.Where(point => double.IsFinite(point.Value)).OrderBy(point => point.Time).ToArray();
        if (points.Length < 2 || points[0].Time == points[^1].Time) return null;
        var start = points[0].Time;
        var meanTime = points.Average(point => (point.Time - start).TotalSeconds);
        var meanValue = points.Average(point => point.Value);
        var (timeVariation, valueVariation, together) = (0.0, 0.0, 0.0);
        foreach (var (time, value) in points)
        {
            var (t, v) = ((time - start).TotalSeconds - meanTime, value - meanValue);
            timeVariation += t * t;
            valueVariation += v * v;
            together += t * v;
        }

        var slope = together / timeVariation;
        var fit = valueVariation == 0 ? 1 : together * together / (timeVariation * valueVariation);
        return new MetricTrend(points.Length, start, slope, meanValue - (slope * meanTime), fit);
    }

    /// <summary>The line's value at a time.</summary>
    /// <param name="time">The time; it may lie in the future.</param>
    public double ValueAt(DateTimeOffset time) => Intercept + (SlopePerSecond * (time - Start).TotalSeconds);

    /// <summary>When the line reaches a value, for instance a disk its size; null when it goes another way, or nowhere, or further than time does.</summary>
    /// <param name="value">The value.</param>
    /// <param name="after">The earliest time that counts.</param>
    public DateTimeOffset? WhenReaches(double value, DateTimeOffset after)
    {
        var seconds = (value - Intercept) / SlopePerSecond;
        if (!double.IsFinite(seconds) || Math.Abs(seconds) > (DateTimeOffset.MaxValue - Start).TotalSeconds || seconds < (after - Start).TotalSeconds) return null;
        return Start + TimeSpan.FromSeconds(seconds);
    }
}
