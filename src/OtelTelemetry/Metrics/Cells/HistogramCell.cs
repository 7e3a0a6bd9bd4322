namespace OtelTelemetry.Metrics.Cells;

/// <summary>
/// Buckets and a sum behind a one-word spin bit, so that a reading is exact: its count is the sum of its buckets and its sum
/// is the sum of just those values. Writers hold the bit for a few additions.
/// </summary>
internal sealed class HistogramCell(int buckets)
{
    private const int Free = 0;
    private const int Held = 1;

    /// <summary>The bit is never free again: the series has ended.</summary>
    private const int Ended = 2;

    private readonly long[] _buckets = new long[buckets];
    private int _state;
    private double _sum;

    /// <summary>Records if no other thread is in the cell at this moment.</summary>
    internal bool TryRecord(int bucket, double value)
    {
        if (Interlocked.CompareExchange(ref _state, Held, Free) != Free) return false;
        _buckets[bucket]++;
        _sum += value;
        Volatile.Write(ref _state, Free);
        return true;
    }

    /// <summary>Records, waiting for the other thread.</summary>
    /// <returns>False when the cell has ended.</returns>
    internal bool Record(int bucket, double value)
    {
        if (!Enter()) return false;
        _buckets[bucket]++;
        _sum += value;
        Volatile.Write(ref _state, Free);
        return true;
    }

    /// <summary>Adds a consistent reading of the cell to what the caller has.</summary>
    internal void AddTo(Span<long> buckets, ref double sum)
    {
        var entered = Enter();
        for (var i = 0; i < _buckets.Length; i++) buckets[i] += _buckets[i];
        sum += _sum;
        if (entered) Volatile.Write(ref _state, Free);
    }

    /// <summary>How many values were recorded.</summary>
    internal long Count()
    {
        var entered = Enter();
        long count = 0;
        foreach (var bucket in _buckets) count += bucket;
        if (entered) Volatile.Write(ref _state, Free);
        return count;
    }

    /// <summary>Lets nothing in any more, if the count is still the expected one.</summary>
    internal bool TryEnd(long expectedCount)
    {
        if (!Enter()) return false;
        long count = 0;
        foreach (var bucket in _buckets) count += bucket;
        Volatile.Write(ref _state, count == expectedCount ? Ended : Free);
        return count == expectedCount;
    }

    /// <summary>Lets nothing in any more, and adds what the cell has to what the caller has.</summary>
    internal void End(Span<long> buckets, ref double sum)
    {
        var entered = Enter();
        for (var i = 0; i < _buckets.Length; i++) buckets[i] += _buckets[i];
        sum += _sum;
        if (entered) Volatile.Write(ref _state, Ended);
    }

    /// <summary>Adds the content of an ended cell.</summary>
    internal void Absorb(ReadOnlySpan<long> buckets, double sum)
    {
        if (!Enter()) return;
        for (var i = 0; i < _buckets.Length; i++) _buckets[i] += buckets[i];
        _sum += sum;
        Volatile.Write(ref _state, Free);
    }

    private bool Enter()
    {
        var spin = default(SpinWait);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _state, Held, Free);
            if (before == Free) return true;
            if (before == Ended) return false;
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
