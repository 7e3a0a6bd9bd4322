using System.Runtime.CompilerServices;

namespace OtelTelemetry.Metrics.Typed;

/// <summary>
/// Finds the series of a value of a label type, without making text of it. Reads take no lock: slots are only filled, and a change
/// of size or the removal of an idle series publishes a new array. It is a cache before the metric's own table, which stays the truth.
/// </summary>
/// <typeparam name="TLabels">The label type.</typeparam>
internal sealed class TypedSeries<TLabels>(MetricInstrument metric)
    where TLabels : struct, IMetricLabels<TLabels>
{
    private const int InitialSlots = 8;

    private readonly Lock _gate = new();
    private volatile Index _index = new(InitialSlots, metric.Table.Removals);
    private int _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries Find(in TLabels labels)
    {
        var hash = labels.GetHash();
        var index = _index;
        // After a removal the metric's table has to be asked again.
        if (index.Removals == metric.Table.Removals)
        {
            var slots = index.Slots;
            for (var i = hash & (slots.Length - 1); slots[i] is { } entry; i = (i + 1) & (slots.Length - 1))
            {
                if (entry.Hash == hash && entry.Labels.Same(in labels)) return entry.Series;
            }
        }

        return FindSlow(in labels, hash);
    }

    /// <summary>The series if it exists; makes none.</summary>
    internal BoundSeries? FindExisting(in TLabels labels) => metric.FindExisting(ValuesOf(in labels));

    private static string[] ValuesOf(in TLabels labels)
    {
        var values = new string[TLabels.LabelNames.Count];
        labels.WriteTo(values);
        return values;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BoundSeries FindSlow(in TLabels labels, int hash)
    {
        // Read before the series is looked for: one that is removed meanwhile is then never kept.
        var removals = metric.Table.Removals;
        var series = metric.Resolve(ValuesOf(in labels).AsSpan());
        // What overflows is not kept: it is counted each time, and there is no end to it.
        if (ReferenceEquals(series, metric.OverflowSeries)) return series;
        lock (_gate)
        {
            if (_index.Removals != removals)
            {
                _index = new Index(InitialSlots, removals);
                _count = 0;
            }

            if (!Contains(_index.Slots, in labels, hash)) Add(new Entry(labels, hash, series));
        }

        return series;
    }

    private static bool Contains(Entry?[] slots, in TLabels labels, int hash)
    {
        for (var i = hash & (slots.Length - 1); slots[i] is { } entry; i = (i + 1) & (slots.Length - 1))
        {
            if (entry.Hash == hash && entry.Labels.Same(in labels)) return true;
        }

        return false;
    }

    private void Add(Entry added)
    {
        var index = _index;
        if ((_count + 1) * 3 > index.Slots.Length)
        {
            var larger = new Index(index.Slots.Length * 2, index.Removals);
            foreach (var entry in index.Slots)
            {
                if (entry is not null) Place(larger.Slots, entry);
            }

            _index = index = larger;
        }

        Place(index.Slots, added);
        _count++;
    }

    private static void Place(Entry?[] slots, Entry entry)
    {
        var i = entry.Hash & (slots.Length - 1);
        while (slots[i] is not null) i = (i + 1) & (slots.Length - 1);
        Volatile.Write(ref slots[i], entry);
    }

    private sealed class Index(int size, int removals)
    {
        internal readonly Entry?[] Slots = new Entry?[size];
        internal readonly int Removals = removals;
    }

    private sealed class Entry(TLabels labels, int hash, BoundSeries series)
    {
        internal readonly TLabels Labels = labels;
        internal readonly int Hash = hash;
        internal readonly BoundSeries Series = series;
    }
}
