using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>
/// Shows an exponential histogram as buckets with stable bounds: powers of two. From scale 0 on they are found exactly by adding
/// buckets up, since every power of two is a bound; below, the scale's own bounds are (coarser) powers of two.
/// Zeros are below every bound, and so is what is neither zero nor in a positive bucket. The last bucket is that of +Inf.
/// </summary>
internal ref struct PowerOfTwoBuckets
{
    /// <summary>The power whose bound is +Inf.</summary>
    public const int Infinity = 1024;

    private readonly ReadOnlySpan<long> _counts;
    private readonly int _offset;
    private readonly int _scale;
    private readonly int _last;
    private readonly int _end;
    private readonly int _step;
    private int _next;
    private int _power;

    public PowerOfTwoBuckets(in ExponentialHistogramView histogram)
    {
        _counts = histogram.PositiveCounts;
        _offset = histogram.PositiveOffset;
        _scale = histogram.Scale;
        var first = 0;
        _last = _counts.Length - 1;
        while (first <= _last && _counts[first] == 0) first++;
        while (_last >= first && _counts[_last] == 0) _last--;

        var positive = 0L;
        for (var i = first; i <= _last; i++) positive += _counts[i];
        Total = Math.Max(histogram.Count, positive + histogram.ZeroCount);
        Count = Total - positive;

        _next = first;
        _step = _scale >= 0 ? 1 : 1 << -_scale;
        // From 2^1024 on a bound is +Inf, whose bucket is the last one in any case.
        _power = first > _last ? Infinity : LowerPower(_offset + first);
        _end = first > _last ? Infinity : Math.Min(UpperPower(_offset + _last), Infinity);
        // Doubles end at 2^-1074: all bounds below that are 0, of which the last one is shown.
        while (_power + _step < FamilyText.LowestPower + 1 && _power < _end) _power += _step;
        MaxBuckets = (Math.Max(0, _end - _power) / _step) + 3;
        Power = int.MinValue;
    }

    /// <summary>How many observations there were.</summary>
    public long Total { get; }

    /// <summary>The most buckets that are shown.</summary>
    public int MaxBuckets { get; }

    /// <summary>The current bucket's upper bound is two to this.</summary>
    public int Power { get; private set; }

    /// <summary>The current bucket's upper bound.</summary>
    public readonly double Bound => Power >= Infinity ? double.PositiveInfinity : Math.ScaleB(1, Power);

    /// <summary>How many observations are not above that bound.</summary>
    public long Count { get; private set; }

    /// <summary>Goes to the next bucket.</summary>
    public bool MoveNext()
    {
        if (Power == Infinity) return false;
        if (_power > _end || _power >= Infinity)
        {
            Power = Infinity;
            Count = Total;
            return true;
        }

        while (_next <= _last && UpperPower(_offset + _next) <= _power) Count += _counts[_next++];
        Power = _power;
        _power += _step;
        return true;
    }

    /// <summary>The smallest power p on the steps of the scale with bucket <paramref name="index"/>'s upper bound ≤ 2^p.</summary>
    private readonly int UpperPower(int index) => LowerPower(index) + _step;

    /// <summary>The largest power p on the steps of the scale with bucket <paramref name="index"/>'s lower bound ≥ 2^p.</summary>
    private readonly int LowerPower(int index) => _scale >= 0 ? index >> _scale : index << -_scale;
}
