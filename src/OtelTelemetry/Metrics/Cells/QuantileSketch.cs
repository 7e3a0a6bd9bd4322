namespace OtelTelemetry.Metrics.Cells;

/// <summary>
/// Counts values in base-2 exponential buckets of scale 5, the mapping of OpenTelemetry's metrics data model (section
/// "ExponentialHistogram"): bucket i holds (b^i, b^(i+1)] with b = 2^(1/32). A quantile is answered with the geometric middle of
/// its bucket, which is at most a factor of 2^(1/64) = 1.0109 away from every value in it. Not thread-safe.
/// </summary>
internal sealed class QuantileSketch
{
    /// <summary>Buckets a power of two.</summary>
    internal const int BucketsPerDoubling = 32;

    /// <summary>The most buckets a sign may have: 80 doublings between the smallest and the largest value that are told apart.
    /// Values below that range are counted in its lowest bucket.</summary>
    internal const int MostBuckets = 80 * BucketsPerDoubling;

    private readonly Side _positive = new();
    private readonly Side _negative = new();
    private long _zeros;
    private double _smallest = double.PositiveInfinity;
    private double _largest = double.NegativeInfinity;

    internal long Count { get; private set; }

    internal void Add(double value, long times = 1)
    {
        if (value > 0) _positive.Add(IndexOf(value), times);
        else if (value < 0) _negative.Add(IndexOf(-value), times);
        else _zeros += times;
        Count += times;
        _smallest = Math.Min(_smallest, value);
        _largest = Math.Max(_largest, value);
    }

    internal void Add(QuantileSketch other)
    {
        _positive.Add(other._positive);
        _negative.Add(other._negative);
        _zeros += other._zeros;
        Count += other.Count;
        _smallest = Math.Min(_smallest, other._smallest);
        _largest = Math.Max(_largest, other._largest);
    }

    internal void Clear()
    {
        _positive.Clear();
        _negative.Clear();
        _zeros = 0;
        Count = 0;
        _smallest = double.PositiveInfinity;
        _largest = double.NegativeInfinity;
    }

    /// <summary>The value of which a share of all values is not above it (nearest rank); NaN when there are none.</summary>
    internal double Quantile(double quantile)
    {
        if (Count == 0) return double.NaN;
        var rank = Math.Clamp((long)Math.Ceiling(quantile * Count), 1, Count);
        if (rank == 1) return _smallest;
        if (rank == Count) return _largest;
        return Math.Clamp(AtRank(rank), _smallest, _largest);
    }

    private static int IndexOf(double magnitude) => (int)Math.Ceiling(Math.Log2(magnitude) * BucketsPerDoubling) - 1;

    private double AtRank(long rank)
    {
        if (rank <= _negative.Total) return -Middle(_negative.IndexFromTop(rank));
        rank -= _negative.Total;
        if (rank <= _zeros) return 0;
        return Middle(_positive.IndexFromBottom(rank - _zeros));
    }

    private static double Middle(int index) => Math.Pow(2, (index + 0.5) / BucketsPerDoubling);

    /// <summary>The buckets of one sign, over the range that is in use.</summary>
    private sealed class Side
    {
        private long[] _counts = [];
        private int _first;

        internal long Total { get; private set; }

        internal void Add(int index, long count)
        {
            Cover(index);
            _counts[Math.Max(0, index - _first)] += count;
            Total += count;
        }

        internal void Add(Side other)
        {
            for (var i = 0; i < other._counts.Length; i++)
            {
                if (other._counts[i] > 0) Add(other._first + i, other._counts[i]);
            }
        }

        internal void Clear()
        {
            Array.Clear(_counts);
            Total = 0;
        }

        internal int IndexFromBottom(long rank)
        {
            for (var i = 0; i < _counts.Length; i++)
            {
                rank -= _counts[i];
                if (rank <= 0) return _first + i;
            }

            return _first + _counts.Length - 1;
        }

        internal int IndexFromTop(long rank)
        {
            for (var i = _counts.Length - 1; i >= 0; i--)
            {
                rank -= _counts[i];
                if (rank <= 0) return _first + i;
            }

            return _first;
        }

        /// <summary>Makes the array reach the index. Past the most buckets the lowest ones are put together, which keeps the high quantiles true.</summary>
        private void Cover(int index)
        {
            if (_counts.Length == 0)
            {
                _first = index - (BucketsPerDoubling / 2);
                _counts = new long[BucketsPerDoubling];
                return;
            }

            var end = _first + _counts.Length;
            if (index >= _first && index < end) return;
            // In whole doublings, so that a drifting range does not copy the array for every value.
            var newFirst = index < _first ? index - BucketsPerDoubling : _first;
            var newEnd = index >= end ? index + BucketsPerDoubling : end;
            newFirst = Math.Max(newFirst, newEnd - MostBuckets);
            if (newFirst >= _first && newEnd == end) return;
            var counts = new long[newEnd - newFirst];
            for (var i = 0; i < _counts.Length; i++) counts[Math.Max(0, _first + i - newFirst)] += _counts[i];
            _counts = counts;
            _first = newFirst;
        }
    }
}
