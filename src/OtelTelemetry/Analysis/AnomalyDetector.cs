namespace OtelTelemetry.Analysis;

/// <summary>
/// Tells values that do not fit the ones before: it learns mean and deviation as the values come, forgetting old ones bit by bit, and
/// says of each new value by how many deviations it is off. An outlier moves what was learned no further than the threshold, so that
/// one spike does not hide the next. Memory is constant. Thread-safe.
/// </summary>
/// <remarks>Exponentially weighted mean and variance (Finch, "Incremental calculation of weighted mean and variance", 2009, section 9).</remarks>
public sealed class AnomalyDetector
{
    private readonly Lock _gate = new();
    private readonly double _threshold;
    private readonly double _weight;
    private readonly int _warmUp;
    private double _mean;
    private double _variance;
    private long _count;

    /// <summary>Makes a detector.</summary>
    /// <param name="threshold">From how many standard deviations on a value is an anomaly; more than zero. Default: 3.</param>
    /// <param name="halfLife">After how many values a value counts half; more than zero. Default: 100.</param>
    /// <param name="warmUp">How many values are only learned from; from 2. Default: 20.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public AnomalyDetector(double threshold = 3, double halfLife = 100, int warmUp = 20)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLife);
        ArgumentOutOfRangeException.ThrowIfLessThan(warmUp, 2);
        _threshold = threshold;
        _weight = 1 - Math.Pow(2, -1 / halfLife);
        _warmUp = warmUp;
    }

    /// <summary>The mean of what was learned; NaN before the first value.</summary>
    public double Mean
    {
        get
        {
            lock (_gate) return _count == 0 ? double.NaN : _mean;
        }
    }

    /// <summary>The standard deviation of what was learned; NaN before the first value.</summary>
    public double StandardDeviation
    {
        get
        {
            lock (_gate) return _count == 0 ? double.NaN : Math.Sqrt(_variance);
        }
    }

    /// <summary>Judges a value, and learns from it.</summary>
    /// <param name="value">The value. NaN and infinity are always anomalies, and nothing is learned from them.</param>
    /// <returns>How far off it is, and whether that is an anomaly.</returns>
    public AnomalyScore Observe(double value)
    {
        if (!double.IsFinite(value)) return new AnomalyScore(value, double.PositiveInfinity, IsAnomaly: true);
        lock (_gate)
        {
            var score = Score(value);
            var anomaly = _count >= _warmUp && Math.Abs(score) >= _threshold;
            Learn(anomaly && _variance > 0 ? _mean + (Math.Sign(score) * _threshold * Math.Sqrt(_variance)) : value);
            return new AnomalyScore(value, score, anomaly);
        }
    }

    private double Score(double value)
    {
        if (_count == 0 || value == _mean) return 0;
        var deviation = Math.Sqrt(_variance);
        return deviation > 0 ? (value - _mean) / deviation : double.CopySign(double.PositiveInfinity, value - _mean);
    }

    private void Learn(double value)
    {
        _count++;
        // At first every value counts the same: the mean of few values must not hang on the first.
        var weight = Math.Max(_weight, 1.0 / _count);
        var difference = value - _mean;
        var increment = weight * difference;
        _mean += increment;
        _variance = (1 - weight) * (_variance + (difference * increment));
    }
}

/// <summary>What an <see cref="AnomalyDetector"/> says of a value. Immutable.</summary>
/// <param name="Value">The value.</param>
/// <param name="Deviations">By how many standard deviations it is above (or, negative, below) what was expected.</param>
/// <param name="IsAnomaly">Whether that is as much as the threshold.</param>
public readonly record struct AnomalyScore(double Value, double Deviations, bool IsAnomaly);
