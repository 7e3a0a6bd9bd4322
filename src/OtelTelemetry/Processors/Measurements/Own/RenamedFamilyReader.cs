using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Own;

/// <summary>A family of ours under another name; its series are read as they are. Thread-safe.</summary>
internal sealed class RenamedFamilyReader(MetricFamilyReader family, string name) : MetricFamilyReader
{
    public override MetricDescriptor Descriptor { get; } = family.Descriptor.Renamed(name);

    public override int Read(int start, MetricVisitor visitor) => family.Read(start, visitor);
}
