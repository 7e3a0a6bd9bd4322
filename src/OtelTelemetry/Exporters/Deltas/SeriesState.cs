namespace OtelTelemetry.Exporters.Deltas;

/// <summary>
/// What a backend that counts for itself was last sent of one series. Part 0 is a counter's value, or a histogram's or summary's count;
/// part 1 its sum. Used by one export at a time.
/// </summary>
internal sealed class SeriesState
{
    /// <summary>The part of a counter's value, or of a count.</summary>
    public const int Count = 0;

    /// <summary>The part of a sum.</summary>
    public const int Sum = 1;

    private const int Parts = 2;

    private readonly double[] _current = new double[Parts];
    private readonly double[] _sent = [double.NaN, double.NaN];

    /// <summary>When the series was last seen.</summary>
    internal long SeenAt { get; set; }

    /// <summary>The export in which it was last seen.</summary>
    internal long Pass { get; set; }

    /// <summary>The buckets that were last sent.</summary>
    internal BucketBaseline Buckets { get; } = new();

    /// <summary>Takes the value of this moment. A value below what was sent says that counting began anew: from then on everything counts.</summary>
    public void Observe(double count)
    {
        if (count < _sent[Count])
        {
            // At once and for all parts: whatever was sent belongs to what is over, whether or not the next sending succeeds.
            _sent.AsSpan().Clear();
            Buckets.Clear();
        }

        _current[Count] = count;
    }

    /// <summary>Takes the sum of this moment, after the count.</summary>
    public void ObserveSum(double sum) => _current[Sum] = sum;

    /// <summary>What was not sent yet of a part.</summary>
    public SeriesDelta Delta(int part) =>
        double.IsNaN(_sent[part]) ? new SeriesDelta(this, part, _current[part], true) : new SeriesDelta(this, part, _current[part] - _sent[part], false);

    internal void Commit(int part)
    {
        _sent[part] = _current[part];
        if (part == Count) Buckets.Commit();
    }
}
