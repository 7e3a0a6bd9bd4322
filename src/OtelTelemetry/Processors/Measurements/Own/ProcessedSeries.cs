using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Own;

/// <summary>A series of one of our metrics after its labels were changed. The same object at every collection, so that exporters
/// find what they rendered.</summary>
internal sealed class ProcessedSeries(KeyValuePair<string, string>[] labels) : Series
{
    public override int LabelCount => labels.Length;

    public override KeyValuePair<string, string> GetLabel(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, labels.Length);
        return labels[index];
    }

    /// <summary>The labels as <see cref="System.Diagnostics.Metrics"/> wants them.</summary>
    internal KeyValuePair<string, object?>[] MakeTags() => [.. labels.Select(label => KeyValuePair.Create<string, object?>(label.Key, label.Value))];
}
