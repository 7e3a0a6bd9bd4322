using System.Diagnostics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>One series of a <see cref="Counter"/>. Thread-safe; recording costs a few nanoseconds and allocates nothing.</summary>
public sealed class BoundCounter : BoundSeries
{
    /// <summary>Integral amounts up to here cannot make a 64-bit sum overflow before 1024 of them; larger ones are added as fractions.</summary>
    private const long LargestIntegral = 1L << 53;

    /// <summary>In <see cref="_sum"/>: the sum has moved to the stripes; without stripes, the series takes nothing.</summary>
    private const long Elsewhere = -1;

    private long _sum;
    private CounterStripes? _stripes;
    private MetricExemplar? _exemplar;

    internal BoundCounter(MetricInstrument instrument, in LabelValues values, bool rejects = false)
        : base(instrument, values)
    {
        if (rejects) _sum = Elsewhere;
    }

    /// <summary>The sum of all amounts.</summary>
    public double Value
    {
        get
        {
            // Stripes are published before the sum moves to them: reading the sum first misses nothing.
            var sum = Volatile.Read(ref _sum);
            var stripes = Volatile.Read(ref _stripes);
            if (stripes is null) return sum >= 0 ? sum : LiveValue();
            var total = stripes.Sum(sum >= 0 ? sum : stripes.Base);
            return double.IsNaN(total) ? LiveValue() : total;
        }
    }

    internal MetricExemplar? Exemplar => Volatile.Read(ref _exemplar);

    /// <summary>Adds 1.</summary>
    public void Inc()
    {
        var seen = _sum;
        if (seen < 0 || Interlocked.CompareExchange(ref _sum, seen + 1, seen) != seen) AddContended(1);
        if (ExemplarTick != ExemplarSampling.Tick) OfferExemplar(1);
    }

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">From 0. A negative amount is counted as dropped.</param>
    public void Inc(long amount)
    {
        var seen = _sum;
        var sum = seen + amount;
        // The sign bit of any of the three: a sum kept elsewhere, a negative amount, an overflow.
        if ((seen | amount | sum) < 0 || Interlocked.CompareExchange(ref _sum, sum, seen) != seen) AddContended(amount);
        if (ExemplarTick != ExemplarSampling.Tick) OfferExemplar(amount);
    }

    /// <summary>Adds an amount.</summary>
    /// <param name="amount">From 0, finite. A negative amount, NaN or infinity is counted as dropped.</param>
    public void Inc(double amount)
    {
        if (amount is >= 0 and <= LargestIntegral)
        {
            var integral = (long)amount;
            if (integral == amount)
            {
                Inc(integral);
                return;
            }
        }

        AddFraction(amount);
    }

    internal override long ActivityMark() => BitConverter.DoubleToInt64Bits(Value);

    internal override bool TryRetire(long mark)
    {
        if (BitConverter.DoubleToInt64Bits(Value) != mark || GetStripes() is not { } stripes) return false;
        MoveSumTo(stripes);
        // What came in since the mark was read belongs to the series that takes this one's place.
        var late = stripes.End(stripes.Base) - BitConverter.Int64BitsToDouble(mark);
        if (late > 0) (Instrument.Successor(this) as BoundCounter)?.Inc(late);
        return true;
    }

    /// <summary>Two threads met on the sum, or it is not here.</summary>
    private void AddContended(long amount)
    {
        // The common case once there are stripes.
        if (_sum < 0 && amount is >= 0 and <= LargestIntegral && _stripes?.Add(amount) == true) return;

        if (amount < 0)
        {
            Instrument.CountDropped(MeasurementDropReason.NegativeIncrement);
        }
        else if (amount > LargestIntegral)
        {
            AddFraction(amount);
        }
        else
        {
            var stripes = GetStripes();
            if (stripes is not null && Volatile.Read(ref _sum) >= 0) MoveSumTo(stripes);
            if (stripes is null || !stripes.Add(amount)) (Instrument.Successor(this) as BoundCounter)?.Inc(amount);
        }
    }

    private void AddFraction(double amount)
    {
        if (!double.IsFinite(amount))
        {
            Instrument.CountInvalid(amount);
        }
        else if (amount < 0)
        {
            Instrument.CountDropped(MeasurementDropReason.NegativeIncrement);
        }
        else
        {
            var stripes = GetStripes();
            if (stripes is null || !stripes.AddFraction(amount)) (Instrument.Successor(this) as BoundCounter)?.Inc(amount);
            else if (ExemplarTick != ExemplarSampling.Tick) OfferExemplar(amount);
        }
    }

    /// <summary>From here on all threads add to the stripes. The base is written first and counts only once the sum is gone.</summary>
    private void MoveSumTo(CounterStripes stripes)
    {
        lock (stripes)
        {
            for (var sum = Volatile.Read(ref _sum); sum >= 0; sum = Volatile.Read(ref _sum))
            {
                stripes.Base = sum;
                if (Interlocked.CompareExchange(ref _sum, Elsewhere, sum) == sum) return;
            }
        }
    }

    /// <summary>The stripes, made when first needed; null in a series that takes nothing.</summary>
    private CounterStripes? GetStripes()
    {
        var stripes = Volatile.Read(ref _stripes);
        if (stripes is not null || Volatile.Read(ref _sum) < 0) return Volatile.Read(ref _stripes);
        stripes = new CounterStripes();
        return Interlocked.CompareExchange(ref _stripes, stripes, null) ?? stripes;
    }

    /// <summary>A kept handle of an expired series reads the series that took its place.</summary>
    private double LiveValue() => Instrument.FindExisting(Values.ToArray()) is BoundCounter live && !ReferenceEquals(live, this) ? live.Value : 0;

    private void OfferExemplar(double amount)
    {
        ExemplarTick = ExemplarSampling.Tick;
        ExemplarSampling.Seen();
        if (Activity.Current is { Recorded: true } span)
        {
            Volatile.Write(ref _exemplar, new(amount, Instrument.Clock.GetUtcNow(), span.TraceId, span.SpanId));
        }
    }
}
