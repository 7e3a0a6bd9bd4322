namespace OtelTelemetry.Reading;

/// <summary>The metric families of one collection. Dispose it when reading is over: buffers are then used again.</summary>
public sealed class MetricCollection : IDisposable
{
    private readonly MetricReadModel? _owner;
    private Parts? _parts;

    internal MetricCollection(MetricReadModel? owner = null, Parts? parts = null)
    {
        _owner = owner;
        _parts = parts ?? new Parts();
    }

    /// <summary>The families, in no order. Two may have the same name when two meters have instruments of one name. Empty after disposal.</summary>
    public IReadOnlyList<MetricFamilyReader> Families => _parts is { } parts ? parts.Families : [];

    internal void Add(MetricFamilyReader family) => (_parts ?? throw Disposed()).Families.Add(family);

    /// <summary>Puts others in the place of the families from a position on; null leaves one out.</summary>
    internal void ReplaceFrom(int start, Func<MetricFamilyReader, MetricFamilyReader?> replace)
    {
        var families = (_parts ?? throw Disposed()).Families;
        var kept = start;
        for (var i = start; i < families.Count; i++)
        {
            if (replace(families[i]) is { } family) families[kept++] = family;
        }

        families.RemoveRange(kept, families.Count - kept);
    }

    /// <summary>Registers what is given back when the collection is disposed.</summary>
    internal void OnReleased(IDisposable lease) => (_parts ?? throw Disposed()).Leases.Add(lease);

    /// <summary>Ends the reading. Does nothing the second time.</summary>
    public void Dispose()
    {
        // Taken once and never seen again by this object: a second disposal cannot disturb whoever uses the lists next.
        if (Interlocked.Exchange(ref _parts, null) is not { } parts) return;

        foreach (var lease in parts.Leases) lease.Dispose();
        parts.Leases.Clear();
        parts.Families.Clear();
        _owner?.TakeBack(parts);
    }

    private static ObjectDisposedException Disposed() => new(nameof(MetricCollection));

    /// <summary>The lists, which go from one collection to the next so that collecting many families allocates nothing.</summary>
    internal sealed class Parts
    {
        public List<MetricFamilyReader> Families { get; } = [];

        public List<IDisposable> Leases { get; } = [];
    }
}
