using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OtelTelemetry.Reading;

/// <summary>The labels of one sample as a dictionary that keeps their order. A handful of entries: looking one up walks them.</summary>
internal sealed class LabelMap(IEnumerable<KeyValuePair<string, string>> labels) : IReadOnlyDictionary<string, string>
{
    private readonly KeyValuePair<string, string>[] _labels = [.. labels];

    public int Count => _labels.Length;

    public IEnumerable<string> Keys => _labels.Select(label => label.Key);

    public IEnumerable<string> Values => _labels.Select(label => label.Value);

    public string this[string key] => TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"There is no label '{key}'. The labels are: {(Count == 0 ? "none" : string.Join(", ", Keys))}.");

    public KeyValuePair<string, string> At(int index) => _labels[index];

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (var label in _labels)
        {
            if (label.Key == key)
            {
                value = label.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _labels.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _labels.GetEnumerator();

    public override string ToString() => "{" + string.Join(",", _labels.Select(label => $"{label.Key}=\"{label.Value}\"")) + "}";
}
