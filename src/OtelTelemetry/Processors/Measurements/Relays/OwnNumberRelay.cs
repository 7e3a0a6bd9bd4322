using System.Diagnostics.Metrics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements.Own;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>Shows one of our own counters or gauges to the SDK with other labels: the same numbers as in the read model. Thread-safe.</summary>
internal sealed class OwnNumberRelay : IDisposable
{
    private readonly MergedFamily _family;
    private readonly Func<IEnumerable<MetricInstrument>> _parts;
    private readonly Meter _meter;
    private readonly Instrument _source;

    public OwnNumberRelay(RelayScope scope, Instrument source, MergedFamily family, Func<IEnumerable<MetricInstrument>> parts)
    {
        _family = family;
        _parts = parts;
        _source = source;
        _meter = scope.CreateMeter(source.Meter);
    }

    /// <summary>Shows the result to every listener.</summary>
    public void Publish()
    {
        if (_family.Descriptor.Kind == MetricKind.Counter) _meter.CreateObservableCounter(_source.Name, Read, _source.Unit, _source.Description);
        else _meter.CreateObservableGauge(_source.Name, Read, _source.Unit, _source.Description);
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Read()
    {
        foreach (var point in _family.Merge(_parts())) yield return new Measurement<double>(point.Number, point.Series.MakeTags());
    }
}
