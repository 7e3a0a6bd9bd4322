namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>
/// The positive buckets of an exponential histogram in the form of Prometheus' native histograms: runs of neighbouring buckets ("spans"),
/// and each count as its difference to the one before ("deltas").
/// </summary>
/// <remarks>
/// Bucket <c>i</c> of OpenTelemetry holds (base^i, base^(i+1)], bucket <c>i</c> of Prometheus (base^(i-1), base^i]: the index is one more.
/// A scale above 8, which Prometheus has not, is made coarser by adding up neighbours, which is exact.
/// </remarks>
internal sealed class NativeBuckets
{
    /// <summary>The finest schema of Prometheus.</summary>
    public const int MaxSchema = 8;

    /// <summary>The coarsest schema of Prometheus. A histogram that is coarser still cannot be shown as a native one.</summary>
    public const int MinSchema = -4;

    // Two empty buckets inside a span take two bytes; a new span takes more.
    private const int LongestGap = 2;

    private readonly List<(int Offset, int Length)> _spans = [];
    private readonly List<long> _deltas = [];

    /// <summary>The resolution: the base is 2^(2^-schema).</summary>
    public int Schema { get; private set; }

    /// <summary>The runs: the first's offset is its index, a later one's how many buckets are left out before it.</summary>
    public IReadOnlyList<(int Offset, int Length)> Spans => _spans;

    /// <summary>The counts of the buckets in the spans, the first as it is, each other less the one before.</summary>
    public ReadOnlySpan<long> Deltas => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_deltas);

    /// <summary>The sum of all buckets.</summary>
    public long Count { get; private set; }

    /// <summary>Whether a scale can be shown.</summary>
    public static bool CanShow(int scale) => scale >= MinSchema;

    /// <summary>Takes the buckets of a histogram in place of those before.</summary>
    public void Set(int scale, int offset, ReadOnlySpan<long> counts)
    {
        _spans.Clear();
        _deltas.Clear();
        Count = 0;
        Schema = Math.Min(scale, MaxSchema);
        var shift = scale - Schema;
        var next = 0;
        var previous = 0L;
        for (var i = 0; i < counts.Length;)
        {
            var index = ((offset + i) >> shift) + 1;
            var count = 0L;
            for (; i < counts.Length && ((offset + i) >> shift) + 1 == index; i++) count += counts[i];
            if (count == 0) continue;
            Add(index, count, ref next, ref previous);
        }
    }

    private void Add(int index, long count, ref int next, ref long previous)
    {
        if (_spans.Count == 0 || index - next > LongestGap)
        {
            _spans.Add((index - next, 0));
        }
        else
        {
            for (; next < index; next++) Append(0, ref previous);
        }

        next = index + 1;
        Count += count;
        Append(count, ref previous);
    }

    private void Append(long count, ref long previous)
    {
        var (offset, length) = _spans[^1];
        _spans[^1] = (offset, length + 1);
        _deltas.Add(count - previous);
        previous = count;
    }
}
