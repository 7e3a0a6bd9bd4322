using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>Marks a meter that shows what became of another meter's instrument (as <see cref="Meter.Scope"/>):
/// it has that meter's name, and is told from it by this alone.</summary>
/// <param name="Owner">Whose rules made it: nobody else's provider reads it.</param>
/// <param name="IsOurs">Whether the instrument behind it is one of this library's own.</param>
/// <param name="Stream">What the SDK is to make of it.</param>
internal sealed record RelayScope(object Owner, bool IsOurs, MetricStreamConfiguration Stream)
{
    public Meter CreateMeter(Meter source) => new(new MeterOptions(source.Name)
    {
        Version = source.Version,
        Tags = source.Tags,
        TelemetrySchemaUrl = source.TelemetrySchemaUrl,
        Scope = this,
    });
}
