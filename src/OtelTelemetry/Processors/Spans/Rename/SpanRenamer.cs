using System.Diagnostics;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Processors.Spans.Rename;

/// <summary>Gives spans and attributes the names of its settings.</summary>
internal sealed class SpanRenamer(RenameSpansOptions options) : SpanProcessor
{
    private readonly (WildcardPattern Old, string New)[] _names =
        [.. options.Names.Select(pair => (Old: new WildcardPattern(pair.Key, ignoreCase: false), pair.Value)).OrderByDescending(name => name.Old.Letters)];

    private readonly (string Old, string New)[] _attributes = [.. options.Attributes.Select(pair => (pair.Key, pair.Value))];

    public override bool Process(Activity span)
    {
        foreach (var (old, name) in _names)
        {
            if (!old.IsMatch(span.DisplayName)) continue;
            span.DisplayName = name;
            break;
        }

        foreach (var (old, name) in _attributes)
        {
            if (span.GetTagItem(old) is not { } value) continue;
            span.SetTag(old, null);
            span.SetTag(name, value);
        }

        return true;
    }
}
