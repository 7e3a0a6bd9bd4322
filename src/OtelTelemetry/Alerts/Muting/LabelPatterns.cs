using OtelTelemetry.Patterns;

namespace OtelTelemetry.Alerts.Muting;

/// <summary>What labels must look like. Immutable.</summary>
internal sealed class LabelPatterns(IReadOnlyDictionary<string, string> patterns)
{
    private readonly (string Name, WildcardPattern Pattern)[] _patterns = [.. patterns.Select(pair => (pair.Key, new WildcardPattern(pair.Value, ignoreCase: false)))];

    public bool Match(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (name, pattern) in _patterns)
        {
            if (!pattern.IsMatch(labels.GetValueOrDefault(name, ""))) return false;
        }

        return true;
    }
}
