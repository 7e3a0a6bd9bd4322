using OpenTelemetry;

namespace OtelTelemetry.Reading.Sdk;

/// <summary>One set of tags the SDK aggregates. Lives as long as its tags keep their place, so that exporters find their rendered text again.</summary>
internal sealed class SdkSeries : Series
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly KeyValuePair<string, string>[] _labels;

    public SdkSeries(in ReadOnlyTagCollection tags)
    {
        _tags = new KeyValuePair<string, object?>[tags.Count];
        _labels = new KeyValuePair<string, string>[tags.Count];
        var i = 0;
        foreach (var tag in tags)
        {
            _tags[i] = tag;
            _labels[i++] = new(tag.Key ?? "", TagText.Of(tag.Value));
        }
    }

    public override int LabelCount => _labels.Length;

    public override KeyValuePair<string, string> GetLabel(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _labels.Length);
        return _labels[index];
    }

    /// <summary>Whether these are the series' tags, in the same order. The SDK hands out the same objects every time, so this is cheap.</summary>
    public bool Has(in ReadOnlyTagCollection tags)
    {
        if (tags.Count != _tags.Length) return false;

        var i = 0;
        foreach (var tag in tags)
        {
            ref readonly var mine = ref _tags[i++];
            if (!string.Equals(mine.Key, tag.Key, StringComparison.Ordinal)) return false;
            if (!ReferenceEquals(mine.Value, tag.Value) && !Equals(mine.Value, tag.Value)) return false;
        }

        return true;
    }
}
