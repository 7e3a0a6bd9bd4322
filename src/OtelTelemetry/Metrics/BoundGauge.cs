using System.Runtime.CompilerServices;
using OtelTelemetry.Metrics.Labels;

namespace OtelTelemetry.Metrics;

/// <summary>One series of a <see cref="Gauge"/>. Thread-safe; recording costs about a nanosecond and allocates nothing.</summary>
public sealed class BoundGauge : BoundSeries
{
    private double _value;

    // Not exact under concurrency and need not be: it only has to differ from what it was.
    private int _writes;
    private volatile bool _ended;

    internal BoundGauge(MetricInstrument instrument, in LabelValues values, bool rejects = false)
        : base(instrument, values) => _ended = rejects;

    /// <summary>The current value.</summary>
    public double Value => _ended ? (Instrument.FindExisting(Values.ToArray()) is BoundGauge live && !ReferenceEquals(live, this) ? live.Value : 0) : Volatile.Read(ref _value);

    /// <summary>Sets the value.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Set(double value)
    {
        if (!double.IsFinite(value))
        {
            Instrument.CountInvalid(value);
            return;
        }

        _value = value;
        _writes++;
        // After the write: see TryRetire.
        if (_ended) (Instrument.Successor(this) as BoundGauge)?.Set(value);
    }

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped. Default: 1.</param>
    public void Inc(double amount = 1)
    {
        if (!double.IsFinite(amount))
        {
            Instrument.CountInvalid(amount);
            return;
        }

        if (_ended)
        {
            (Instrument.Successor(this) as BoundGauge)?.Inc(amount);
            return;
        }

        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + amount, seen);
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen)) break;
            seen = before;
        }

        _writes++;
    }

    /// <summary>Subtracts an amount.</summary>
    /// <param name="amount">Finite, may be negative. NaN or infinity is counted as dropped. Default: 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dec(double amount = 1) => Inc(-amount);

    internal override long ActivityMark() => Volatile.Read(ref _writes);

    internal override bool TryRetire(long mark)
    {
        _ended = true;
        // Every writer that did not see the end has its write visible after this; every later one sees the end.
        Interlocked.MemoryBarrierProcessWide();
        if (ActivityMark() == mark) return true;
        _ended = false;
        return false;
    }
}
