namespace OtelTelemetry.Patterns;

/// <summary>A text in which <c>*</c> stands for any text and <c>?</c> for one letter. Immutable; matching allocates nothing.</summary>
internal sealed class WildcardPattern
{
    private readonly string _pattern;
    private readonly StringComparison _comparison;

    public WildcardPattern(string pattern, bool ignoreCase)
    {
        _pattern = pattern;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        Letters = pattern.Count(c => c is not ('*' or '?'));
    }

    /// <summary>How many letters of it are no wildcard: the more, the more it says.</summary>
    public int Letters { get; }

    public bool HasWildcards => Letters < _pattern.Length;

    public static bool IsExact(string pattern) => !pattern.AsSpan().ContainsAny('*', '?');

    public bool IsMatch(ReadOnlySpan<char> text)
    {
        if (!HasWildcards) return text.Equals(_pattern, _comparison);
        var pattern = _pattern.AsSpan();
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                // Tried as empty first; what follows moves on by one letter whenever it does not fit.
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern.Slice(p, 1).Equals(text.Slice(t, 1), _comparison)))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
