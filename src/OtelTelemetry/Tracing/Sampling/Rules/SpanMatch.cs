using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Trace;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Tracing.Sampling.Rules;

/// <summary>What a span must be like to be chosen; all that is set must hold. Immutable; thread-safe. Allocates nothing for a span that has
/// ended; for one that starts the enumerator of its attributes, and only where attributes are asked for.</summary>
internal sealed class SpanMatch
{
    private const string PathAttribute = "url.path";

    private readonly WildcardPattern? _name;
    private readonly ActivityKind? _kind;
    private readonly (string Key, WildcardPattern Value)[] _attributes;

    internal SpanMatch(string? name, ActivityKind? kind, string? path, IEnumerable<KeyValuePair<string, string>> attributes)
    {
        _name = name is null ? null : new WildcardPattern(name, ignoreCase: false);
        _kind = kind;
        var wanted = attributes.Select(pair => (pair.Key, new WildcardPattern(pair.Value, ignoreCase: false)));
        if (path is not null) wanted = wanted.Append((PathAttribute, new WildcardPattern(path, ignoreCase: true)));
        _attributes = [.. wanted];
    }

    /// <summary>Whether a span that starts is meant.</summary>
    internal bool IsMatch(in SamplingParameters span)
    {
        if (_kind is { } kind && kind != span.Kind) return false;
        if (_name is not null && !_name.IsMatch(span.Name)) return false;
        if (_attributes.Length == 0) return true;
        if (span.Tags is not { } tags) return false;
        foreach (var (key, value) in _attributes)
        {
            if (!Has(tags, key, value)) return false;
        }

        return true;
    }

    /// <summary>Whether a span that has ended is meant.</summary>
    internal bool IsMatch(Activity span)
    {
        if (_kind is { } kind && kind != span.Kind) return false;
        if (_name is not null && !_name.IsMatch(span.DisplayName)) return false;
        foreach (var (key, value) in _attributes)
        {
            if (!Holds(value, span.GetTagItem(key))) return false;
        }

        return true;
    }

    private static bool Has(IEnumerable<KeyValuePair<string, object?>> tags, string key, WildcardPattern value)
    {
        foreach (var tag in tags)
        {
            if (string.Equals(tag.Key, key, StringComparison.Ordinal)) return Holds(value, tag.Value);
        }

        return false;
    }

    internal static bool Holds(WildcardPattern pattern, object? value)
    {
        switch (value)
        {
            case null:
                return false;
            case string text:
                return pattern.IsMatch(text);
            case bool flag:
                return pattern.IsMatch(flag ? "true" : "false");
            case ISpanFormattable number:
                Span<char> buffer = stackalloc char[64];
                return number.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture) && pattern.IsMatch(buffer[..length]);
            default:
                return pattern.IsMatch(value.ToString());
        }
    }
}
