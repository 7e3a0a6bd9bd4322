using OtelTelemetry.Metrics.Labels;

namespace OtelTelemetry.Collectors;

/// <summary>
/// Finds tags again that were used of late, so that a call site that names them one by one allocates nothing. A fixed number of places,
/// two for each hash; what finds none pushes another out. Thread-safe without a lock: an entry is immutable.
/// </summary>
internal static class RecentTags
{
    /// <summary>A power of two.</summary>
    private const int Places = 8192;

    private static readonly Entry?[] s_entries = new Entry?[Places];

    internal static MetricTags Find(ReadOnlySpan<(string Name, string Value)> tags)
    {
        var hash = Hash(tags);
        var place = hash & (Places - 1);
        if (Volatile.Read(ref s_entries[place]) is { } first && first.Is(hash, tags)) return first.Tags;
        var second = place ^ 1;
        if (Volatile.Read(ref s_entries[second]) is { } other && other.Is(hash, tags)) return other.Tags;
        var made = new Entry(hash, tags.ToArray(), MetricTags.Make(tags));
        // The newest is found first; the one before it stays in the other place.
        Volatile.Write(ref s_entries[second], s_entries[place]);
        Volatile.Write(ref s_entries[place], made);
        return made.Tags;
    }

    private static int Hash(ReadOnlySpan<(string Name, string Value)> tags)
    {
        var hash = tags.Length;
        foreach (var (name, value) in tags) hash = (hash * 31) + LabelHash.Fast(name ?? "", value ?? "");
        return hash;
    }

    private sealed class Entry(int hash, (string Name, string Value)[] given, MetricTags tags)
    {
        internal MetricTags Tags => tags;

        /// <summary>Whether it was made of these names and values, in this order.</summary>
        internal bool Is(int otherHash, ReadOnlySpan<(string Name, string Value)> other)
        {
            if (hash != otherHash || given.Length != other.Length) return false;
            for (var i = 0; i < given.Length; i++)
            {
                if (!Same(given[i].Name, other[i].Name) || !Same(given[i].Value, other[i].Value)) return false;
            }

            return true;
        }

        private static bool Same(string? left, string? right) => right is null ? left is null : LabelText.Same(left, right);
    }
}
