using System.Numerics;
using System.Runtime.CompilerServices;

namespace OtelTelemetry.Metrics.Labels;

/// <summary>
/// A small cache in front of the series table, keyed by the addresses of the label strings: call sites mostly hand in the same
/// string objects again, and an address is at hand where hashing means reading every string. A hit is checked by reference
/// against the series' own label values, so the cache can miss (the collector moves objects), but never lie.
/// </summary>
internal sealed class RecentSeries
{
    private const int Largest = 1 << 13;
    private const ulong K1 = 0x9E3779B97F4A7C15;
    private const ulong K2 = 0xC2B2AE3D27D4EB4F;
    private const ulong K3 = 0x165667B19E3779F9;

    private readonly Entry[] _entries;
    private int _conflicts;

    /// <summary>Makes a cache.</summary>
    /// <param name="entries">How many series it may remember: a power of two.</param>
    internal RecentSeries(int entries) => _entries = new Entry[Math.Clamp(entries, 2, Largest)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries? Find(string a, string b)
    {
        var series = At(Key(a, b));
        return series is not null && series.Values.AreObjects(a, b) ? series : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries? Find(string a, string b, string c)
    {
        var series = At(Key(a, b, c));
        return series is not null && series.Values.AreObjects(a, b, c) ? series : null;
    }

    /// <summary>Remembers a series, if its label values are these very strings.</summary>
    internal void Add(BoundSeries series, string a, string b)
    {
        if (series.Values.AreObjects(a, b)) Place(series, Key(a, b));
    }

    /// <inheritdoc cref="Add(BoundSeries, string, string)"/>
    internal void Add(BoundSeries series, string a, string b, string c)
    {
        if (series.Values.AreObjects(a, b, c)) Place(series, Key(a, b, c));
    }

    /// <summary>What is remembered in the place of a key. Comparing keys first keeps a miss from touching a series; which of the
    /// two entries it is, is computed and not branched on, since no predictor could know.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BoundSeries? At(ulong key)
    {
        var entries = _entries;
        var i = (int)(key >> 40) & (entries.Length - 1);
        i ^= Unsafe.BitCast<bool, byte>(entries[i].Key != key);
        return entries[i].Key == key ? entries[i].Series : null;
    }

    private void Place(BoundSeries series, ulong key)
    {
        var i = (int)(key >> 40) & (_entries.Length - 1);
        if (_entries[i].Series is not null) i ^= 1;
        // Where more than two series want one place, they must not throw each other out at every turn.
        if (_entries[i].Series is not null && (++_conflicts & 31) != 0) return;
        // Two threads may mix up key and series: a hit is checked.
        _entries[i] = new Entry { Key = key, Series = series };
    }

    private static ulong Key(string a, string b) => (Address(a) * K1) ^ (Address(b) * K2);

    private static ulong Key(string a, string b, string c) => (Address(a) * K1) ^ (Address(b) * K2) ^ (Address(c) * K3);

    // The reference's bits at this instant; nothing is ever read through them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Address(string value) => (ulong)Unsafe.As<string, nint>(ref value);

    private struct Entry
    {
        internal ulong Key;
        internal BoundSeries? Series;
    }
}
