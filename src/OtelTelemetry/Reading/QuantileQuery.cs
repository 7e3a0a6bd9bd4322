namespace OtelTelemetry.Reading;

/// <summary>Puts the series that carry some labels together and answers one quantile of them. For one use; not thread-safe.</summary>
internal sealed class QuantileQuery((string Name, string Value)[] labels, double quantile) : MetricVisitor
{
    private readonly Dictionary<int, long> _powers = [];
    private double[]? _bounds;
    private long[] _counts = [];
    private int _scale;
    private long _zeros;
    private double _published = double.NaN;
    private int _kinds;
    private int _summaries;
    private bool _differs;

    /// <summary>The quantile; NaN when there is none, or when what was found cannot be put together.</summary>
    public double Answer()
    {
        if (_differs || _kinds > 1) return double.NaN;
        if (_bounds is not null) return BucketQuantiles.Explicit(_bounds, _counts, quantile);
        if (_powers.Count + _zeros > 0) return OfPowers();
        return _summaries == 1 ? _published : double.NaN;
    }

    public override bool VisitNumber(Series series, double value, MetricExemplar? exemplar) => true;

    public override bool VisitHistogram(Series series, in HistogramView histogram)
    {
        if (!Matches(series)) return true;
        if (_bounds is null)
        {
            _bounds = histogram.Bounds.ToArray();
            _counts = new long[histogram.BucketCounts.Length];
            _kinds++;
        }

        _differs |= !histogram.Bounds.SequenceEqual(_bounds);
        if (_differs) return true;
        for (var i = 0; i < _counts.Length; i++) _counts[i] += histogram.BucketCounts[i];
        return true;
    }

    public override bool VisitExponentialHistogram(Series series, in ExponentialHistogramView histogram)
    {
        if (!Matches(series)) return true;
        if (_powers.Count + _zeros == 0)
        {
            if (histogram.Count > 0) _kinds++;
            _scale = histogram.Scale;
        }

        Coarsen(Math.Min(_scale, histogram.Scale));
        _zeros += histogram.ZeroCount;
        for (var i = 0; i < histogram.PositiveCounts.Length; i++)
        {
            var count = histogram.PositiveCounts[i];
            if (count == 0) continue;
            var index = (histogram.PositiveOffset + i) >> (histogram.Scale - _scale);
            _powers[index] = _powers.GetValueOrDefault(index) + count;
        }

        return true;
    }

    public override bool VisitSummary(Series series, in SummaryView summary)
    {
        if (!Matches(series)) return true;
        if (++_summaries == 1) _kinds++;
        var index = summary.Quantiles.IndexOf(quantile);
        _published = index < 0 ? double.NaN : summary.Values[index];
        return true;
    }

    /// <summary>Lower scales hold two buckets of the next one in one (OpenTelemetry metrics data model, section "Perfect subsetting").</summary>
    private void Coarsen(int scale)
    {
        if (scale == _scale) return;
        var finer = _powers.ToArray();
        _powers.Clear();
        foreach (var (index, count) in finer)
        {
            var coarse = index >> (_scale - scale);
            _powers[coarse] = _powers.GetValueOrDefault(coarse) + count;
        }

        _scale = scale;
    }

    private double OfPowers()
    {
        if (_powers.Count == 0) return 0;
        var first = _powers.Keys.Min();
        var counts = new long[_powers.Keys.Max() - first + 1];
        foreach (var (index, count) in _powers) counts[index - first] = count;
        return BucketQuantiles.Exponential(_scale, _zeros, first, counts, quantile);
    }

    private bool Matches(Series series)
    {
        foreach (var (name, value) in labels)
        {
            var found = false;
            for (var i = 0; i < series.LabelCount && !found; i++)
            {
                var label = series.GetLabel(i);
                found = label.Key == name && label.Value == value;
            }

            if (!found) return false;
        }

        return true;
    }
}
