using System.Diagnostics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>One series of a <see cref="Histogram"/>. Thread-safe; recording costs a few nanoseconds and allocates nothing.</summary>
public sealed class BoundHistogram : BoundSeries
{
    private readonly Histogram _histogram;
    private readonly HistogramCell _cell;
    private HistogramCell[]? _stripes;
    private KeyValuePair<string, object?>[]? _tags;
    private Exemplars? _exemplars;

    internal BoundHistogram(Histogram histogram, in LabelValues values, bool rejects = false)
        : base(histogram, values)
    {
        _histogram = histogram;
        _cell = new HistogramCell(rejects ? 0 : histogram.Bounds.BucketCount);
        if (!rejects) return;
        var nothing = 0.0;
        _cell.End([], ref nothing);
    }

    /// <summary>How many values were observed.</summary>
    public long Count => GetSnapshot().Count;

    /// <summary>The sum of the observed values.</summary>
    public double Sum => GetSnapshot().Sum;

    /// <summary>Records a value.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Observe(double value)
    {
        if (!double.IsFinite(value))
        {
            Instrument.CountInvalid(value);
            return;
        }

        var bucket = _histogram.Bounds.IndexOf(value);
        if (_stripes is not null || !_cell.TryRecord(bucket, value)) RecordContended(bucket, value);
        if (ExemplarSampling.Tick != 0) OfferExemplar(bucket, value);
        // For the SDK's readers, while there are any; costs a load when there are none.
        if (_histogram.Mirror is { Enabled: true } mirror) mirror.Record(value, _tags ??= MakeTags());
    }

    /// <summary>Records a value several times at once: one measurement that stands for others.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="times">How often; from 1. Nothing is recorded for less.</param>
    public void Observe(double value, long times)
    {
        if (times == 1)
        {
            Observe(value);
            return;
        }

        if (times < 1) return;
        if (!double.IsFinite(value * times))
        {
            Instrument.CountInvalid(value * times);
            return;
        }

        var bucket = _histogram.Bounds.IndexOf(value);
        RecordTimes(bucket, value, times);
        if (ExemplarSampling.Tick != 0) OfferExemplar(bucket, value);
        // The SDK knows no weights.
        for (var i = 0L; i < times && _histogram.Mirror is { Enabled: true } mirror; i++) mirror.Record(value, _tags ??= MakeTags());
    }

    /// <summary>Measures from now until the result is disposed, and records that time in the metric's unit:
    /// milliseconds where it is <c>ms</c>, else seconds.</summary>
    public DurationScope Time() => new(this, Instrument.Clock);

    /// <summary>A consistent reading: the count is the sum of the buckets, and the sum is of just those values.</summary>
    public HistogramSnapshot GetSnapshot()
    {
        var buckets = new long[_histogram.Bounds.BucketCount];
        var sum = 0.0;
        ReadInto(buckets, ref sum);
        return new HistogramSnapshot(_histogram.Buckets, buckets, sum);
    }

    internal void ReadInto(Span<long> buckets, ref double sum)
    {
        _cell.AddTo(buckets, ref sum);
        if (Volatile.Read(ref _stripes) is not { } stripes) return;
        foreach (var stripe in stripes) stripe.AddTo(buckets, ref sum);
    }

    internal ReadOnlySpan<MetricExemplar?> GetExemplars() => Volatile.Read(ref _exemplars) is { } exemplars ? exemplars.Latest : default;

    internal override long ActivityMark()
    {
        var count = _cell.Count();
        if (Volatile.Read(ref _stripes) is { } stripes)
        {
            foreach (var stripe in stripes) count += stripe.Count();
        }

        return count;
    }

    internal override bool TryRetire(long mark)
    {
        if (ActivityMark() != mark) return false;
        // With the stripes made here, no writer can make others that nobody would end.
        var stripes = GetStripes();
        var buckets = new long[_histogram.Bounds.BucketCount];
        var sum = 0.0;
        _cell.End(buckets, ref sum);
        foreach (var stripe in stripes) stripe.End(buckets, ref sum);
        // Something came in between: the series goes on in another's cells, with all it had.
        if (buckets.Sum() != mark) (Instrument.Successor(this) as BoundHistogram)?._cell.Absorb(buckets, sum);
        return true;
    }

    /// <summary>Another thread is in the cell, or the cell has ended. From the first meeting on there is a cell a core.</summary>
    private void RecordContended(int bucket, double value)
    {
        var stripes = Volatile.Read(ref _stripes);
        if (stripes is null)
        {
            // Ended before anything else: an ended series must not grow stripes.
            if (_cell.Record(bucket, value)) GetStripes();
            else (Instrument.Successor(this) as BoundHistogram)?.ObserveForwarded(value);
            return;
        }

        if (!stripes[ProcessorStripes.Current].Record(bucket, value))
        {
            (Instrument.Successor(this) as BoundHistogram)?.ObserveForwarded(value);
        }
    }

    private void RecordTimes(int bucket, double value, long times)
    {
        var stripes = Volatile.Read(ref _stripes);
        var cell = stripes is null ? _cell : stripes[ProcessorStripes.Current];
        if (!cell.Record(bucket, value, times)) (Instrument.Successor(this) as BoundHistogram)?.RecordTimes(bucket, value, times);
    }

    // The caller mirrors the value itself.
    private void ObserveForwarded(double value)
    {
        var bucket = _histogram.Bounds.IndexOf(value);
        if (!_cell.TryRecord(bucket, value)) RecordContended(bucket, value);
    }

    private HistogramCell[] GetStripes()
    {
        if (Volatile.Read(ref _stripes) is { } there) return there;
        var stripes = new HistogramCell[ProcessorStripes.Count];
        for (var i = 0; i < stripes.Length; i++) stripes[i] = new HistogramCell(_histogram.Bounds.BucketCount, stripe: true);
        return Interlocked.CompareExchange(ref _stripes, stripes, null) ?? stripes;
    }

    private void OfferExemplar(int bucket, double value)
    {
        var tick = ExemplarSampling.Tick;
        var exemplars = Volatile.Read(ref _exemplars);
        if (exemplars is not null && exemplars.Ticks[bucket] == tick) return;
        if (exemplars is null)
        {
            exemplars = new Exemplars(_histogram.Bounds.BucketCount);
            exemplars = Interlocked.CompareExchange(ref _exemplars, exemplars, null) ?? exemplars;
        }

        exemplars.Ticks[bucket] = tick;
        ExemplarSampling.Seen();
        if (Activity.Current is { Recorded: true } span)
        {
            Volatile.Write(ref exemplars.Latest[bucket], new(value, Instrument.Clock.GetUtcNow(), span.TraceId, span.SpanId));
        }
    }

    private sealed class Exemplars(int buckets)
    {
        internal readonly MetricExemplar?[] Latest = new MetricExemplar?[buckets];
        internal readonly int[] Ticks = new int[buckets];
    }
}
