using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OtelTelemetry.Collectors;

/// <summary>
/// The tags of a measurement: names and values, each name once, in the order of the names. Immutable and thread-safe. Equal tags are
/// equal in whatever order they were given. Keep one in a field where a call site always uses the same tags.
/// </summary>
/// <example><code>
/// private static readonly MetricTags s_users = MetricTags.Of(("endpoint", "/api/users"));
/// collector.Record("requests_total", 1, s_users);
/// </code></example>
public sealed class MetricTags : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<MetricTags>
{
    private readonly KeyValuePair<string, string>[] _tags;
    private readonly int _hash;

    private MetricTags(KeyValuePair<string, string>[] tags)
    {
        _tags = tags;
        // The runtime's full, randomly seeded hash: values may be chosen by an attacker, and it is computed once.
        var hash = default(HashCode);
        foreach (var (name, value) in tags)
        {
            hash.Add(name);
            hash.Add(value);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>No tags.</summary>
    public static MetricTags Empty { get; } = new([]);

    /// <summary>How many tags there are.</summary>
    public int Count => _tags.Length;

    /// <summary>The tag at a position in the order of the names.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public KeyValuePair<string, string> this[int index] => _tags[index];

    /// <summary>The value of a tag.</summary>
    /// <param name="name">The tag's name.</param>
    /// <exception cref="KeyNotFoundException">There is no such tag; the message names those there are.</exception>
    public string this[string name] => TryGetValue(name, out var value)
        ? value
        : throw new KeyNotFoundException($"There is no tag '{name}'. The tags are: {(Count == 0 ? "none" : string.Join(", ", _tags.Select(tag => tag.Key)))}.");

    /// <summary>The tags of these names and values. Tags that were used of late are found again and not made a second time.
    /// Of a name that is there twice the last value stays; a null value is the empty one.</summary>
    /// <param name="tags">Names and values, in any order.</param>
    public static MetricTags Of(params ReadOnlySpan<(string Name, string Value)> tags) => tags.IsEmpty ? Empty : RecentTags.Find(tags);

    /// <summary>The tags of a dictionary. Of a name that is there twice the last value stays; a null value is the empty one.</summary>
    /// <param name="tags">Names and values, in any order.</param>
    public static MetricTags From(IEnumerable<KeyValuePair<string, string>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (tags is MetricTags same) return same;
        (string, string)[] pairs = [.. tags.Select(tag => (tag.Key, tag.Value))];
        return Of(pairs);
    }

    /// <summary>The value of a tag.</summary>
    /// <param name="name">The tag's name.</param>
    /// <param name="value">Its value, or null when there is no such tag.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGetValue(string name, [MaybeNullWhen(false)] out string value)
    {
        foreach (var tag in _tags)
        {
            if (!string.Equals(tag.Key, name, StringComparison.Ordinal)) continue;
            value = tag.Value;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>The same tags with one more, or with another value of it.</summary>
    /// <param name="name">The tag's name.</param>
    /// <param name="value">Its value.</param>
    public MetricTags With(string name, string value) => Of([.. _tags.Select(tag => (tag.Key, tag.Value)), (name, value)]);

    /// <summary>The same tags without one.</summary>
    /// <param name="name">The tag's name.</param>
    public MetricTags Without(string name) => Of([.. _tags.Where(tag => tag.Key != name).Select(tag => (tag.Key, tag.Value))]);

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] MetricTags? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._hash != _hash || other._tags.Length != _tags.Length) return false;
        for (var i = 0; i < _tags.Length; i++)
        {
            if (_tags[i].Key != other._tags[i].Key || _tags[i].Value != other._tags[i].Value) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricTags);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The tags in braces, for people.</summary>
    public override string ToString() => "{" + string.Join(",", _tags.Select(tag => $"{tag.Key}=\"{tag.Value}\"")) + "}";

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_tags).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _tags.GetEnumerator();

    internal static MetricTags Make(ReadOnlySpan<(string Name, string Value)> tags)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in tags) sorted[name ?? ""] = value ?? "";
        return new MetricTags([.. sorted]);
    }
}
