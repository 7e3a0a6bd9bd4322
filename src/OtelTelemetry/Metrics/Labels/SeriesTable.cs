using System.Runtime.CompilerServices;

namespace OtelTelemetry.Metrics.Labels;

/// <summary>
/// Finds the series of a combination of label values. Reads take no lock: slots are only ever filled in place, and a
/// change of size, of hash or a removal publishes a whole new array. A reader of an old array can miss a series that was
/// added since, never find a wrong one; whoever misses asks again under the lock.
/// </summary>
internal sealed class SeriesTable
{
    /// <summary>A run of this many occupied slots at a load of at most one third is no accident: someone chooses the values.</summary>
    internal const int LongestFastProbe = 48;

    private const int InitialSlots = 4;

    private readonly Lock _gate = new();
    private volatile Index _index = new(new BoundSeries?[InitialSlots], seeded: false);
    private RecentSeries _recent = new(1);
    private BoundSeries?[] _dense = [];
    private volatile int _end;
    private int _count;
    private int _removals;

    /// <summary>How many series there are.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>How many times series were removed: whoever remembers series of this table has to ask again when it changes.</summary>
    internal int Removals => Volatile.Read(ref _removals);

    /// <summary>Whether colliding values made the table change to the full, seeded hash.</summary>
    internal bool UsesSeededHash => _index.Seeded;

    /// <summary>The series of this moment by position, with null where one was removed; series added later may be missing.
    /// A position keeps its series until that is removed.</summary>
    internal ArraySegment<BoundSeries?> All
    {
        get
        {
            // The end first: the array that is read after it reaches at least that far.
            var end = _end;
            return new(Volatile.Read(ref _dense), 0, end);
        }
    }

    /// <summary>The series, if it was found by these very strings of late. A null string finds nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries? FindRecent(string a, string b) => _recent.Find(a, b);

    /// <inheritdoc cref="FindRecent(string, string)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries? FindRecent(string a, string b, string c) => _recent.Find(a, b, c);

    internal BoundSeries? Find(string a)
    {
        var index = _index;
        var hash = index.Seeded ? SeededHash(a) : LabelHash.Fast(a);
        var slots = index.Slots;
        for (var i = hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            var series = slots[i];
            if (series is null) return null;
            if (series.Hash != hash) continue;
            if (series.Values.Are(a)) return series;
        }
    }

    internal BoundSeries? Find(string a, string b)
    {
        var index = _index;
        var hash = index.Seeded ? SeededHash(a, b) : LabelHash.Fast(a, b);
        var slots = index.Slots;
        for (var i = hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            var series = slots[i];
            if (series is null) return null;
            if (series.Hash != hash) continue;
            if (!series.Values.Are(a, b)) continue;
            _recent.Add(series, a, b);
            return series;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries? Find(string a, string b, string c)
    {
        var index = _index;
        var hash = index.Seeded ? SeededHash(a, b, c) : LabelHash.Fast(a, b, c);
        var slots = index.Slots;
        for (var i = hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            var series = slots[i];
            if (series is null) return null;
            if (series.Hash != hash) continue;
            if (!series.Values.Are(a, b, c)) continue;
            _recent.Add(series, a, b, c);
            return series;
        }
    }

    internal BoundSeries? Find(string a, string b, string c, string d)
    {
        var index = _index;
        var hash = index.Seeded ? SeededHash(a, b, c, d) : LabelHash.Fast(a, b, c, d);
        var slots = index.Slots;
        for (var i = hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            var series = slots[i];
            if (series is null) return null;
            if (series.Hash != hash) continue;
            if (series.Values.Are(a, b, c, d)) return series;
        }
    }

    internal BoundSeries? Find(ReadOnlySpan<string> labelValues)
    {
        var index = _index;
        return Find(index, labelValues, index.HashOf(labelValues));
    }

    /// <summary>Finds the series or, below the cap, adds the one the factory makes.</summary>
    /// <returns>The series, or null when the cap is reached.</returns>
    internal BoundSeries? FindOrAdd(ReadOnlySpan<string> labelValues, int cap, Func<LabelValues, BoundSeries> create)
    {
        // Without a lock: under an attack this is the common case, and it must stay cheap.
        if (Count >= cap) return Find(labelValues);
        lock (_gate)
        {
            var index = _index;
            var hash = index.HashOf(labelValues);
            var found = Find(index, labelValues, hash);
            if (found is not null) return found;
            if (_count >= cap) return null;
            var series = create(new LabelValues(labelValues));
            series.Hash = hash;
            AddDense(series);
            AddIndexed(series);
            Volatile.Write(ref _count, _count + 1);
            return series;
        }
    }

    /// <summary>Removes series. The caller has made sure that nothing more is recorded in them.</summary>
    internal void Remove(IEnumerable<BoundSeries> ended)
    {
        lock (_gate)
        {
            var removed = 0;
            foreach (var series in ended)
            {
                var position = Array.IndexOf(_dense, series);
                if (position < 0) continue;
                Volatile.Write(ref _dense[position], null);
                removed++;
            }

            if (removed == 0) return;
            Volatile.Write(ref _count, _count - removed);
            Volatile.Write(ref _removals, _removals + 1);
            Rebuild(_index.Slots.Length, _index.Seeded);
        }
    }

    private static BoundSeries? Find(Index index, ReadOnlySpan<string> labelValues, int hash)
    {
        var slots = index.Slots;
        for (var i = hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            var series = slots[i];
            if (series is null) return null;
            if (series.Hash == hash && series.Values.Are(labelValues)) return series;
        }
    }

    // Out of line: the spans they need would be set up by every look-up.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SeededHash(string a) => LabelHash.Seeded([a]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SeededHash(string a, string b) => LabelHash.Seeded([a, b]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SeededHash(string a, string b, string c) => LabelHash.Seeded([a, b, c]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SeededHash(string a, string b, string c, string d) => LabelHash.Seeded([a, b, c, d]);

    private void AddDense(BoundSeries series)
    {
        // A hole left by an expired series is used again before the array grows.
        if (_end > _count)
        {
            Volatile.Write(ref _dense[Array.IndexOf(_dense, null)], series);
            return;
        }

        if (_end == _dense.Length)
        {
            var larger = new BoundSeries?[Math.Max(1, _dense.Length + (_dense.Length >> 1) + 1)];
            _dense.CopyTo(larger, 0);
            Volatile.Write(ref _dense, larger);
        }

        Volatile.Write(ref _dense[_end], series);
        _end++;
    }

    private void AddIndexed(BoundSeries series)
    {
        var slots = _index.Slots;
        if ((_count + 1) * 3 > slots.Length)
        {
            Rebuild(slots.Length * 2, _index.Seeded);
            return;
        }

        if (Place(slots, series) > LongestFastProbe && !_index.Seeded) Rebuild(slots.Length, seeded: true);
    }

    private void Rebuild(int size, bool seeded)
    {
        var index = new Index(new BoundSeries?[size], seeded);
        var longest = 0;
        foreach (var series in _dense)
        {
            if (series is null) continue;
            // A reader of the old array that sees the new hash misses, and asks again under the lock.
            if (seeded != _index.Seeded) series.Hash = index.HashOf(series.Values.ToArray());
            longest = Math.Max(longest, Place(index.Slots, series));
        }

        _index = index;
        // A new one: it has the right size, and holds no series that was removed.
        _recent = new RecentSeries(size / 2);
        if (longest > LongestFastProbe && !seeded) Rebuild(size, seeded: true);
    }

    private static int Place(BoundSeries?[] slots, BoundSeries series)
    {
        var mask = slots.Length - 1;
        var i = series.Hash & mask;
        var probes = 0;
        while (slots[i] is not null)
        {
            i = (i + 1) & mask;
            probes++;
        }

        Volatile.Write(ref slots[i], series);
        return probes;
    }

    private sealed class Index(BoundSeries?[] slots, bool seeded)
    {
        internal readonly BoundSeries?[] Slots = slots;
        internal readonly bool Seeded = seeded;

        internal int HashOf(ReadOnlySpan<string> values) => Seeded ? LabelHash.Seeded(values) : LabelHash.Fast(values);
    }
}
