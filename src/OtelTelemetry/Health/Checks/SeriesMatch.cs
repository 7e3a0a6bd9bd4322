using OtelTelemetry.Patterns;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Health.Checks;

/// <summary>Which series have labels with certain values. Immutable.</summary>
internal sealed class SeriesMatch(IReadOnlyDictionary<string, string> labels)
{
    private readonly (string Name, WildcardPattern Value)[] _labels = [.. labels.Select(label => (label.Key, new WildcardPattern(label.Value, ignoreCase: false)))];

    public bool Fits(Series series)
    {
        foreach (var (name, value) in _labels)
        {
            var found = false;
            for (var i = 0; i < series.LabelCount && !found; i++)
            {
                var label = series.GetLabel(i);
                found = label.Key == name && value.IsMatch(label.Value);
            }

            if (!found) return false;
        }

        return true;
    }
}
