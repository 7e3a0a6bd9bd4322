using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Processors.Spans.Redact;

/// <summary>Replaces what its settings describe. Allocates only for what it replaces.</summary>
internal sealed class SpanRedactor(RedactSpansOptions options) : SpanProcessor
{
    private readonly WildcardPattern[] _names = [.. options.Attributes.Select(name => new WildcardPattern(name, ignoreCase: true))];
    private readonly Regex[] _patterns = [.. options.Patterns.Select(RedactSpansOptions.Compile)];
    private readonly string _replacement = options.Replacement;

    public override bool Process(Activity span)
    {
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            // Of an attribute that is there its value is replaced in place: the walk goes on.
            if (tag.Value is { } value && Redacted(tag.Key, value) is { } other) span.SetTag(tag.Key, other);
        }

        foreach (ref readonly var data in span.EnumerateEvents()) RedactEvent(in data);
        if (_patterns.Length == 0) return true;
        if (Replaced(span.DisplayName) is { } name) span.DisplayName = name;
        if (span.StatusDescription is { } description && Replaced(description) is { } status) span.SetStatus(span.Status, status);
        return true;
    }

    /// <summary>An event cannot be changed, so one that tells too much is exchanged, in the activity's own list: the activity gives references into it, and has
    /// ended, so that nobody else writes there.</summary>
    private void RedactEvent(ref readonly ActivityEvent data)
    {
        ActivityTagsCollection? tags = null;
        foreach (ref readonly var tag in data.EnumerateTagObjects())
        {
            if (tag.Value is not { } value || Redacted(tag.Key, value) is not { } other) continue;
            tags ??= new ActivityTagsCollection(data.Tags);
            tags[tag.Key] = other;
        }

        if (tags is not null) Unsafe.AsRef(in data) = new ActivityEvent(data.Name, data.Timestamp, tags);
    }

    /// <summary>The value instead; null where it may stay.</summary>
    private object? Redacted(string name, object value)
    {
        foreach (var pattern in _names)
        {
            if (pattern.IsMatch(name)) return _replacement.Equals(value) ? null : _replacement;
        }

        return value switch
        {
            string text => Replaced(text),
            string[] texts => Replaced(texts),
            _ => null,
        };
    }

    private string[]? Replaced(string[] texts)
    {
        string[]? replaced = null;
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is null || Replaced(texts[i]) is not { } other) continue;
            replaced ??= [.. texts];
            replaced[i] = other;
        }

        return replaced;
    }

    private string? Replaced(string text)
    {
        string? replaced = null;
        foreach (var pattern in _patterns)
        {
            if (pattern.IsMatch(replaced ?? text)) replaced = pattern.Replace(replaced ?? text, _replacement.Replace("$", "$$", StringComparison.Ordinal));
        }

        return replaced;
    }
}
