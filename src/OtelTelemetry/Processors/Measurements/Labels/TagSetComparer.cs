using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Labels;

/// <summary>Compares lists of tags as they are, so that a measurement's tags are found without a copy of them. Values are hashed whole:
/// they may be chosen by others.</summary>
internal sealed class TagSetComparer : IEqualityComparer<Tag[]>, IAlternateEqualityComparer<ReadOnlySpan<Tag>, Tag[]>
{
    public static readonly TagSetComparer Instance = new();

    public Tag[] Create(ReadOnlySpan<Tag> alternate) => alternate.ToArray();

    public bool Equals(Tag[]? x, Tag[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && Same(x, y));

    public bool Equals(ReadOnlySpan<Tag> alternate, Tag[] other) => Same(alternate, other);

    public int GetHashCode(Tag[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<Tag> alternate)
    {
        var hash = alternate.Length;
        foreach (ref readonly var tag in alternate)
        {
            // Names are written in code and few: their ends tell them apart well enough.
            var name = tag.Key ?? "";
            if (name.Length > 0) hash = (hash * 31) + (name.Length << 16) + (name[0] << 8) + name[^1];
            hash = (hash * 31) + (tag.Value is string text ? text.GetHashCode() : tag.Value?.GetHashCode() ?? 0);
        }

        return hash;
    }

    private static bool Same(ReadOnlySpan<Tag> left, ReadOnlySpan<Tag> right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            ref readonly var a = ref left[i];
            ref readonly var b = ref right[i];
            if (!string.Equals(a.Key, b.Key)) return false;
            if (ReferenceEquals(a.Value, b.Value)) continue;
            if (a.Value is string text ? !string.Equals(text, b.Value as string) : !Equals(a.Value, b.Value)) return false;
        }

        return true;
    }
}
