using System.Collections;
using System.Globalization;
using OtelTelemetry.Logging;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Replaces secrets in texts and values. Immutable; thread-safe. Allocates only for what it replaces, and for the text of objects that are no plain values.</summary>
internal sealed class SecretScrubber
{
    /// <summary>What lies deeper, or comes later, in a value of values is not looked at: the whole is replaced.</summary>
    private const int Deepest = 8;
    private const int MostItems = 10_000;

    private readonly WildcardPattern[] _names;
    private readonly SecretFinder[] _finders;
    private readonly bool _findsCards;

    internal SecretScrubber(RedactLogsOptions options)
    {
        Replacement = options.Replacement;
        _findsCards = options.Has(RedactLogsOptions.Cards);
        var finders = options.Patterns.Select(SecretFinder (pattern) => new PatternFinder(pattern)).ToList();
        var names = options.Attributes.Select(name => new WildcardPattern(name, ignoreCase: true)).ToList();
        if (options.Has(RedactLogsOptions.Tokens))
        {
            finders.Add(new TokenFinder());
            names.AddRange(TokenFinder.Names);
        }

        if (_findsCards) finders.Add(new CardFinder());
        if (options.Has(RedactLogsOptions.Emails)) finders.Add(new EmailFinder());
        _finders = [.. finders];
        _names = [.. names];
    }

    internal string Replacement { get; }

    /// <summary>Whether a value of this name is a secret, whatever it is.</summary>
    internal bool IsSecretName(string name)
    {
        if (name is LogTemplate.Name or "") return false;
        foreach (var pattern in _names)
        {
            if (pattern.IsMatch(name)) return true;
        }

        return false;
    }

    /// <summary>The text instead; null where it may stay.</summary>
    internal string? Replaced(string? text)
    {
        if (text is null) return null;
        string? replaced = null;
        foreach (var finder in _finders)
        {
            if (finder.IsIn(replaced ?? text)) replaced = finder.Replace(replaced ?? text, Replacement);
        }

        return string.Equals(replaced, text, StringComparison.Ordinal) ? null : replaced;
    }

    /// <summary>The value instead; null where it may stay.</summary>
    internal object? Replaced(string name, object? value, int depth = 0)
    {
        if (value is null) return null;
        if (IsSecretName(name)) return Replacement.Equals(value) ? null : Replacement;
        switch (value)
        {
            case string text:
                return Replaced(text);
            case long or ulong or decimal:
                return _findsCards ? ReplacedNumber((ISpanFormattable)value) : null;
            case bool or char or byte or sbyte or short or ushort or int or uint or float or double or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or Guid or Enum:
                return null;
            case bool[] or char[] or byte[] or sbyte[] or short[] or ushort[] or int[] or uint[] or float[] or double[]:
                return null;
        }

        if (depth == Deepest) return Replacement;
        return value switch
        {
            IEnumerable<KeyValuePair<string, object?>> pairs => Replaced(pairs, depth),
            IEnumerable<KeyValuePair<string, string?>> pairs => Replaced(pairs.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)), depth),
            IEnumerable items => Replaced(items, depth),
            _ => Replaced(Convert.ToString(value, CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>The pairs instead; null where they may stay.</summary>
    internal KeyValuePair<string, object?>[]? Replaced(IReadOnlyList<KeyValuePair<string, object?>> pairs, int depth = 0)
    {
        KeyValuePair<string, object?>[]? replaced = null;
        for (var i = 0; i < pairs.Count; i++)
        {
            var (name, value) = pairs[i];
            if (Replaced(name, value, depth + 1) is not { } other) continue;
            replaced ??= [.. pairs];
            replaced[i] = new(name, other);
        }

        return replaced;
    }

    /// <summary>The scope instead; null where it may stay.</summary>
    internal object? ReplacedScope(object? scope) => Replaced("", scope) is { } replaced
        ? replaced is KeyValuePair<string, object?>[] pairs ? new RedactedScope(pairs, Replacement) : replaced
        : null;

    private object? Replaced(IEnumerable<KeyValuePair<string, object?>> pairs, int depth)
    {
        if (pairs is IReadOnlyList<KeyValuePair<string, object?>> list) return Replaced(list, depth);
        var copy = pairs.Take(MostItems + 1).ToList();
        return copy.Count > MostItems ? Replacement : Replaced(copy, depth);
    }

    private object? Replaced(IEnumerable items, int depth)
    {
        List<object?> all = [];
        var found = false;
        foreach (var item in items)
        {
            if (all.Count == MostItems) return Replacement;
            var other = Replaced("", item, depth + 1);
            found |= other is not null;
            all.Add(other ?? item);
        }

        // What it says of itself may be more than what is in it.
        if (!found) return Replaced(Convert.ToString(items, CultureInfo.InvariantCulture));
        return all.ConvertAll(item => item as string ?? Convert.ToString(item, CultureInfo.InvariantCulture)).ToArray();
    }

    private string? ReplacedNumber(ISpanFormattable number)
    {
        Span<char> text = stackalloc char[64];
        if (!number.TryFormat(text, out var length, default, CultureInfo.InvariantCulture)) return null;
        foreach (var finder in _finders)
        {
            if (finder.IsIn(text[..length])) return Replaced(text[..length].ToString());
        }

        return null;
    }
}
