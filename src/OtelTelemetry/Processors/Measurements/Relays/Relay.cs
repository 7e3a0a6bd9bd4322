using System.Diagnostics.Metrics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Processors.Measurements.Labels;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>
/// Stands between an instrument and the SDK where a view cannot do what the rules say: it listens to the instrument, and shows the
/// result as an instrument of the same name on a meter of the same name, in the original's place. Instruments the SDK takes for one
/// (two meters of one name) share a relay. Thread-safe.
/// </summary>
internal abstract class Relay : IMeasurementSink, IDisposable
{
    private readonly RelayListener _listener;
    private readonly Meter _meter;
    private readonly Action<Relay> _onEnded;
    private int _disposed;

    private protected Relay(RelayContext context)
    {
        Context = context;
        Component = context.Source.Name;
        _onEnded = context.OnEnded;
        _listener = new RelayListener(this, OnNoSource);
        _meter = context.Scope.CreateMeter(context.Source.Meter);
    }

    public string Component { get; }

    /// <summary>Whether it shows what it took only when it is asked. Then the last asking comes after the last measurement.</summary>
    private protected abstract bool IsRead { get; }

    private protected RelayContext Context { get; }

    /// <summary>Shows the result to every listener.</summary>
    public void Publish() => Publish(_meter, Context.Source.Name, Context.Source.Unit, Context.Source.Description);

    /// <summary>Takes the measurements of an instrument, too.</summary>
    /// <returns>False when the relay has ended and another is needed.</returns>
    public bool Listen(Instrument instrument) => _listener.Listen(instrument);

    public abstract void Record(long value, ReadOnlySpan<Tag> tags);

    public abstract void Record(double value, ReadOnlySpan<Tag> tags);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _listener.Dispose();
        _meter.Dispose();
        _onEnded(this);
        OnDisposed();
    }

    private protected abstract void Publish(Meter meter, string name, string? unit, string? description);

    private protected virtual void OnDisposed()
    {
    }

    private protected void Observe() => _listener.Observe(Component);

    /// <summary>Says that the result was read. The values of a meter that is gone were then read for the last time.</summary>
    private protected void OnRead()
    {
        // Not here: the SDK is walking through its instruments.
        if (_listener.IsEmpty) ThreadPool.UnsafeQueueUserWorkItem(static relay => relay.EndIfUnused(), this, preferLocal: false);
    }

    private protected Tag[]? Change(ReadOnlySpan<Tag> tags) => Context.Labels is { } labels ? labels.Apply(tags) : tags.ToArray();

    private protected void CountFiltered() => TelemetryLosses.Count("metrics", Component, "filtered_by_rule");

    private protected void CountNotFinite(double value) => TelemetryLosses.Count("metrics", Component, double.IsNaN(value) ? "not_a_number" : "infinite");

    private void OnNoSource()
    {
        if (!IsRead) EndIfUnused();
    }

    private void EndIfUnused()
    {
        if (_listener.EndIfEmpty()) Dispose();
    }
}

/// <summary>What a relay is made from.</summary>
/// <param name="Scope">Marks the result.</param>
/// <param name="Source">The first of its instruments.</param>
/// <param name="Shape">What that instrument is.</param>
/// <param name="Labels">What happens to labels, or null.</param>
/// <param name="GaugeMerge">How gauges are put together.</param>
/// <param name="MostSeries">The most series the result may have.</param>
/// <param name="OnEnded">Called once, at the end.</param>
internal sealed record RelayContext(
    RelayScope Scope,
    Instrument Source,
    InstrumentShape Shape,
    LabelChanges? Labels,
    GaugeMerge GaugeMerge,
    int MostSeries,
    Action<Relay> OnEnded);
