namespace OtelTelemetry.Metrics.Cells;

/// <summary>
/// Buckets and a sum behind a one-word spin bit, so that a reading is exact: its count is the sum of its buckets and its sum
/// is the sum of just those values. Writers hold the bit for a few additions. State, sum and buckets share one array:
/// a record touches as little memory as can be.
/// </summary>
internal readonly struct HistogramCell
{
    /// <summary>Words that keep a cell out of its neighbours' cache lines.</summary>
    private const int Padding = 16;

    private const long Free = 0;
    private const long Held = 1;

    /// <summary>The bit is never free again: the series has ended.</summary>
    private const long Ended = 2;

    private const int State = 0;
    private const int Sum = 1;
    private const int FirstBucket = 2;

    // The first word is the state, the second the sum's bits; the buckets follow.
    private readonly long[] _words;
    private readonly int _buckets;

    /// <summary>Makes a cell.</summary>
    /// <param name="buckets">How many buckets it has.</param>
    /// <param name="stripe">Whether it is one of several that different cores write.</param>
    internal HistogramCell(int buckets, bool stripe = false)
    {
        _buckets = buckets;
        _words = new long[FirstBucket + buckets + (stripe ? Padding : 0)];
    }

    private ReadOnlySpan<long> Buckets => _words.AsSpan(FirstBucket, _buckets);

    /// <summary>Records if no other thread is in the cell at this moment.</summary>
    internal bool TryRecord(int bucket, double value)
    {
        var words = _words;
        if (Interlocked.CompareExchange(ref words[State], Held, Free) != Free) return false;
        words[FirstBucket + bucket]++;
        words[Sum] = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(words[Sum]) + value);
        Volatile.Write(ref words[State], Free);
        return true;
    }

    /// <summary>Records, waiting for the other thread.</summary>
    /// <returns>False when the cell has ended.</returns>
    internal bool Record(int bucket, double value, long times = 1)
    {
        if (!Enter()) return false;
        _words[FirstBucket + bucket] += times;
        AddToSum(value * times);
        Leave(Free);
        return true;
    }

    /// <summary>Adds a consistent reading of the cell to what the caller has.</summary>
    internal void AddTo(Span<long> buckets, ref double sum)
    {
        var entered = Enter();
        Copy(buckets, ref sum);
        if (entered) Leave(Free);
    }

    /// <summary>How many values were recorded.</summary>
    internal long Count()
    {
        var entered = Enter();
        var count = CountBuckets();
        if (entered) Leave(Free);
        return count;
    }

    /// <summary>Lets nothing in any more, and adds what the cell has to what the caller has.</summary>
    internal void End(Span<long> buckets, ref double sum)
    {
        var entered = Enter();
        Copy(buckets, ref sum);
        if (entered) Leave(Ended);
    }

    /// <summary>Adds the content of a cell that has ended.</summary>
    internal void Absorb(ReadOnlySpan<long> buckets, double sum)
    {
        if (!Enter()) return;
        for (var i = 0; i < buckets.Length; i++) _words[FirstBucket + i] += buckets[i];
        AddToSum(sum);
        Leave(Free);
    }

    private void AddToSum(double value) =>
        _words[Sum] = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(_words[Sum]) + value);

    private void Copy(Span<long> buckets, ref double sum)
    {
        var own = Buckets;
        for (var i = 0; i < own.Length; i++) buckets[i] += own[i];
        sum += BitConverter.Int64BitsToDouble(_words[Sum]);
    }

    private long CountBuckets()
    {
        long count = 0;
        foreach (var bucket in Buckets) count += bucket;
        return count;
    }

    private bool Enter()
    {
        var spin = default(SpinWait);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _words[State], Held, Free);
            if (before == Free) return true;
            if (before == Ended) return false;
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Leave(long state) => Volatile.Write(ref _words[State], state);
}
