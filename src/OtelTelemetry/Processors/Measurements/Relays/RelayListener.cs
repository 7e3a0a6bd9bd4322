using System.Diagnostics.Metrics;
using OtelTelemetry.Diagnostics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>Takes the measurements of just the instruments it was given. Recording in an instrument runs this code: it never throws.</summary>
internal sealed class RelayListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly HashSet<Instrument> _sources = new(ReferenceEqualityComparer.Instance);
    private readonly Lock _gate = new();
    private readonly IMeasurementSink _sink;
    private readonly Action _onNoSource;
    private bool _ended;

    /// <summary>Makes a listener.</summary>
    /// <param name="sink">Gets the measurements.</param>
    /// <param name="onNoSource">Called when the last instrument's meter was disposed.</param>
    public RelayListener(IMeasurementSink sink, Action onNoSource)
    {
        _sink = sink;
        _onNoSource = onNoSource;
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Take(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Take((long)value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, _) => Take((long)value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, _) => Take((long)value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Take(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, _) => Take((double)value, tags));
        _listener.MeasurementsCompleted = (instrument, _) => Forget(instrument);
    }

    /// <summary>Whether all of its instruments went away.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _sources.Count == 0;
        }
    }

    /// <summary>Adds an instrument.</summary>
    /// <returns>False when it has ended.</returns>
    public bool Listen(Instrument instrument)
    {
        lock (_gate)
        {
            if (_ended) return false;
            if (!_sources.Add(instrument)) return true;
        }

        _listener.EnableMeasurementEvents(instrument);
        return true;
    }

    /// <summary>Reads the observable ones. Never throws: what a callback could not give is left out, and counted.</summary>
    /// <param name="component">The name the failure is counted under.</param>
    public void Observe(string component)
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (Exception)
        {
            TelemetryLosses.Count("metrics", component, "observation_failed");
        }
    }

    /// <summary>Takes no further instrument if there is none now.</summary>
    /// <returns>Whether it has ended.</returns>
    public bool EndIfEmpty()
    {
        lock (_gate) return _ended |= _sources.Count == 0;
    }

    public void Dispose()
    {
        lock (_gate) _ended = true;
        _listener.Dispose();
    }

    private void Take(long value, ReadOnlySpan<Tag> tags)
    {
        try
        {
            _sink.Record(value, tags);
        }
        catch (Exception)
        {
            CountFailure();
        }
    }

    private void Take(double value, ReadOnlySpan<Tag> tags)
    {
        try
        {
            _sink.Record(value, tags);
        }
        catch (Exception)
        {
            CountFailure();
        }
    }

    // A tag's value may be anything, and compare itself in any way.
    private void CountFailure() => TelemetryLosses.Count("metrics", _sink.Component, "rule_failed");

    private void Forget(Instrument instrument)
    {
        lock (_gate)
        {
            if (_ended || !_sources.Remove(instrument) || _sources.Count > 0) return;
        }

        _onNoSource();
    }
}
