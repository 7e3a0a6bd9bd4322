using System.Collections.Concurrent;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Labels;

/// <summary>
/// Remembers what became of measured tags, so that a label is mapped once and not at every measurement. Two generations: when the young
/// one is full it becomes the old one, and what is used moves over. So it is bounded, keeps what is in use however many values
/// pass through once, and a hit locks and allocates nothing. Thread-safe.
/// </summary>
/// <param name="create">Says what becomes of tags; null for those that are left out.</param>
internal sealed class TagCache<T>(Func<Tag[], T?> create)
    where T : class
{
    /// <summary>The most tag sets of a generation.</summary>
    internal const int MostInGeneration = 4096;

    private readonly Lock _gate = new();
    private Generation _young = new();
    private Generation _old = new();

    /// <summary>How many tag sets are remembered.</summary>
    internal int Count => _young.Count + _old.Count;

    /// <summary>What becomes of these tags; null when the measurement is left out.</summary>
    public T? Find(ReadOnlySpan<Tag> tags) => Volatile.Read(ref _young).Lookup.TryGetValue(tags, out var known) ? known : FindSlow(tags);

    private T? FindSlow(ReadOnlySpan<Tag> tags)
    {
        // The caller may use its array again.
        var copy = tags.ToArray();
        if (!Volatile.Read(ref _old).Lookup.TryGetValue(tags, out var found)) found = create(copy);
        lock (_gate)
        {
            if (_young.Count >= MostInGeneration)
            {
                Volatile.Write(ref _old, _young);
                Volatile.Write(ref _young, new Generation());
            }

            _young.Add(copy, found);
        }

        return found;
    }

    private sealed class Generation
    {
        private readonly ConcurrentDictionary<Tag[], T?> _map;

        public Generation()
        {
            _map = new ConcurrentDictionary<Tag[], T?>(TagSetComparer.Instance);
            Lookup = _map.GetAlternateLookup<ReadOnlySpan<Tag>>();
        }

        public ConcurrentDictionary<Tag[], T?>.AlternateLookup<ReadOnlySpan<Tag>> Lookup { get; }

        // The dictionary's own count takes all its locks.
        public int Count { get; private set; }

        public void Add(Tag[] tags, T? value)
        {
            if (_map.TryAdd(tags, value)) Count++;
        }
    }
}
