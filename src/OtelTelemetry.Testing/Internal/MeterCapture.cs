using System.Diagnostics.Metrics;
using System.Globalization;
using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Listens to the meters of other libraries and adds the scope's measurements up. Thread-safe.</summary>
internal sealed class MeterCapture : IDisposable
{
    private readonly CaptureScope _scope;
    private readonly CaptureMeterFactory _meters;
    private readonly MetricsRegistry _registry;
    private readonly bool _wholeProcess;
    private readonly int _most;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<(Instrument Instrument, MetricTags Tags), (double Value, long Count)> _series = [];

    public MeterCapture(CaptureScope scope, CaptureMeterFactory meters, MetricsRegistry registry, NamePatterns names, bool wholeProcess, int most)
    {
        _scope = scope;
        _meters = meters;
        _registry = registry;
        _wholeProcess = wholeProcess;
        _most = most;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (names.Match(instrument.Meter.Name) && IsWanted(instrument)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<byte>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<short>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((instrument, value, tags, _) => Take(instrument, (double)value, tags));
        _listener.Start();
    }

    public IReadOnlyList<CapturedSeries> Read()
    {
        if (!_scope.HasEnded) _listener.RecordObservableInstruments();
        lock (_series)
        {
            return [.. _series.Select(pair => new CapturedSeries(pair.Key.Instrument.Meter.Name, pair.Key.Instrument.Name, KindOf(pair.Key.Instrument), pair.Key.Tags, pair.Value.Value, pair.Value.Count))];
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Our own metrics are read from their cells; an observable instrument has no caller, so only its meter can tell whose it is.</summary>
    private bool IsWanted(Instrument instrument)
    {
        if (_registry.Owns(instrument.Meter.Name, instrument.Name) || MetricsRegistry.Default.Owns(instrument.Meter.Name, instrument.Name)) return false;
        if (instrument.Meter.Scope is CaptureMeterFactory factory) return ReferenceEquals(factory, _meters);
        return _wholeProcess || !instrument.IsObservable;
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!ReferenceEquals(instrument.Meter.Scope, _meters) && !_scope.IsHere()) return;
        if (_scope.HasEnded) return;
        var pairs = new (string, string)[tags.Length];
        for (var i = 0; i < tags.Length; i++) pairs[i] = (tags[i].Key, Convert.ToString(tags[i].Value, CultureInfo.InvariantCulture) ?? "");
        var key = (instrument, MetricTags.Of(pairs));
        var replaces = instrument.IsObservable || KindOf(instrument) == CapturedKind.LastValue;
        lock (_series)
        {
            var there = _series.TryGetValue(key, out var series);
            if (!there && _series.Count >= _most) return;
            _series[key] = (replaces ? value : series.Value + value, series.Count + 1);
        }
    }

    private static CapturedKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return definition == typeof(Histogram<>) ? CapturedKind.Distribution
            : definition == typeof(Gauge<>) || definition == typeof(ObservableGauge<>) ? CapturedKind.LastValue
            : CapturedKind.Sum;
    }
}
