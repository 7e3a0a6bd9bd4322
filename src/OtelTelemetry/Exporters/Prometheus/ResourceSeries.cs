using OtelTelemetry.Reading;
using OtelTelemetry.Reading.Sdk;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The series of <c>target_info</c>, whose labels are the resource's attributes.</summary>
internal sealed class ResourceSeries(IEnumerable<KeyValuePair<string, object>> attributes) : Series
{
    private readonly KeyValuePair<string, string>[] _labels = [.. attributes.Select(attribute => KeyValuePair.Create(attribute.Key, TagText.Of(attribute.Value)))];

    public override int LabelCount => _labels.Length;

    public override KeyValuePair<string, string> GetLabel(int index) => _labels[index];
}
