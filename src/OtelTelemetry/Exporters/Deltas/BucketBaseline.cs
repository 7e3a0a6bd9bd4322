namespace OtelTelemetry.Exporters.Deltas;

/// <summary>A histogram's buckets when they were last sent, and now.</summary>
internal sealed class BucketBaseline
{
    private Buckets _current = Buckets.None;
    private Buckets _sent = Buckets.None;
    private long _currentZeros;
    private long _sentZeros;

    /// <summary>Takes the buckets of this moment and writes those that came on top of what was sent.</summary>
    /// <param name="counts">The buckets, not cumulated.</param>
    /// <param name="scale">The scale of exponential buckets; 0 for others.</param>
    /// <param name="offset">The index of the first bucket; 0 for others.</param>
    /// <param name="added">Receives as many counts.</param>
    public void Observe(ReadOnlySpan<long> counts, int scale, int offset, Span<double> added)
    {
        _current = _current.With(counts, scale, offset);
        for (var i = 0; i < counts.Length; i++) added[i] = counts[i];
        // Finer buckets than before cannot come of the same recording.
        if (_sent.Scale < scale || _sent.Length == 0) return;
        var shift = Math.Min(_sent.Scale - scale, 31);
        for (var i = 0; i < _sent.Length; i++)
        {
            var index = ((_sent.Offset + i) >> shift) - offset;
            if ((uint)index < (uint)counts.Length) added[index] = Math.Max(0, added[index] - _sent.Counts[i]);
        }
    }

    /// <summary>As <see cref="Observe"/>, for the zeros of exponential buckets.</summary>
    public double ObserveZeros(long count)
    {
        _currentZeros = count;
        return Math.Max(0, count - _sentZeros);
    }

    public void Commit()
    {
        // The room of what was sent before takes the next reading.
        (_sent, _current) = (_current, _sent);
        _sentZeros = _currentZeros;
    }

    public void Clear()
    {
        _sent = Buckets.None;
        _sentZeros = 0;
    }

    private readonly record struct Buckets(long[] Counts, int Length, int Scale, int Offset)
    {
        public static Buckets None => new([], 0, int.MinValue, 0);

        public Buckets With(ReadOnlySpan<long> counts, int scale, int offset)
        {
            var room = Counts.Length >= counts.Length ? Counts : new long[counts.Length];
            counts.CopyTo(room);
            return new Buckets(room, counts.Length, scale, offset);
        }
    }
}
