using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Deltas;

/// <summary>What came into a histogram's buckets since it was last sent: bucket <c>i</c> holds values from edge <c>i</c> to edge <c>i + 1</c>.
/// Used again for one histogram after the other.</summary>
internal sealed class BucketWindow
{
    private double[] _edges = new double[16];
    private double[] _counts = new double[16];

    /// <summary>How many buckets there are.</summary>
    public int Length { get; private set; }

    /// <summary>How many observations came.</summary>
    public double Total { get; private set; }

    /// <summary>Whether the buckets say anything of the observations' size.</summary>
    public bool HasEdges { get; private set; }

    /// <summary>How many observations came into each bucket.</summary>
    public ReadOnlySpan<double> Counts => _counts.AsSpan(0, Length);

    /// <summary>The least value the observations may have; 0 when there are none.</summary>
    public double Lowest
    {
        get
        {
            var first = Counts.IndexOfAnyExcept(0);
            return first < 0 ? 0 : _edges[first];
        }
    }

    /// <summary>The largest value the observations may have, as far as the bounds tell; 0 when there are none.</summary>
    public double Highest
    {
        get
        {
            var last = Counts.LastIndexOfAnyExcept(0);
            return last < 0 ? 0 : _edges[last + 1];
        }
    }

    public void Fill(in HistogramView histogram, BucketBaseline baseline)
    {
        Resize(histogram.BucketCounts.Length);
        var bounds = histogram.Bounds;
        HasEdges = bounds.Length > 0;
        baseline.Observe(histogram.BucketCounts, 0, 0, _counts.AsSpan(0, Length));
        Sum();
        if (!HasEdges)
        {
            _edges.AsSpan(0, Length + 1).Clear();
            return;
        }

        // The lowest bucket begins at zero where its bound is above; the highest has no end, so it counts as its beginning.
        _edges[0] = Math.Min(bounds[0], 0);
        bounds.CopyTo(_edges.AsSpan(1));
        _edges[Length] = bounds[^1];
    }

    public void Fill(in ExponentialHistogramView histogram, BucketBaseline baseline)
    {
        // A bucket for zeros, an empty one up to the first positive bucket, and these.
        Resize(histogram.PositiveCounts.Length + 2);
        HasEdges = true;
        baseline.Observe(histogram.PositiveCounts, histogram.Scale, histogram.PositiveOffset, _counts.AsSpan(2, histogram.PositiveCounts.Length));
        _counts[0] = baseline.ObserveZeros(histogram.ZeroCount);
        _counts[1] = 0;
        Sum();
        _edges[0] = 0;
        _edges[1] = 0;
        for (var i = 2; i <= Length; i++)
        {
            _edges[i] = Math.Min(double.MaxValue, Math.Pow(2, Math.ScaleB((double)histogram.PositiveOffset + i - 2, -histogram.Scale)));
        }
    }

    /// <summary>The middle of a bucket: what its observations are taken for.</summary>
    public double Middle(int bucket) => _edges[bucket] + ((_edges[bucket + 1] - _edges[bucket]) / 2);

    /// <summary>Estimates a quantile: within its bucket the observations are taken as evenly spread. NaN where it cannot be told.</summary>
    public double Quantile(double quantile)
    {
        if (!HasEdges || Total == 0) return double.NaN;
        var rank = quantile * Total;
        double below = 0;
        for (var i = 0; i < Length; i++)
        {
            var count = _counts[i];
            if (count > 0 && below + count >= rank) return _edges[i] + ((_edges[i + 1] - _edges[i]) * ((rank - below) / count));
            below += count;
        }

        return Highest;
    }

    private void Sum()
    {
        Total = 0;
        foreach (var count in Counts) Total += count;
    }

    private void Resize(int buckets)
    {
        Length = buckets;
        if (_counts.Length >= buckets && _edges.Length > buckets) return;
        _counts = new double[buckets * 2];
        _edges = new double[(buckets * 2) + 1];
    }
}
