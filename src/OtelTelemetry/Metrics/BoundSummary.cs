using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Metrics.Labels;

namespace OtelTelemetry.Metrics;

/// <summary>One series of a <see cref="Summary"/>. Thread-safe.</summary>
public sealed class BoundSummary : BoundSeries
{
    private readonly Summary _summary;
    private readonly Lock _gate = new();
    private readonly QuantileSketch _sinceStart = new();
    private readonly SlidingSketch _window;
    private KeyValuePair<string, object?>[]? _tags;
    private double _sum;
    private bool _ended;

    internal BoundSummary(Summary summary, in LabelValues values, bool rejects = false)
        : base(summary, values)
    {
        _summary = summary;
        _window = new SlidingSketch(summary.Window, summary.Clock);
        _ended = rejects;
    }

    /// <summary>Records a value.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    public void Observe(double value) => Observe(value, 1);

    /// <summary>Records a value several times at once: one measurement that stands for others.</summary>
    /// <param name="value">Finite. NaN or infinity is counted as dropped.</param>
    /// <param name="times">How often; from 1. Nothing is recorded for less.</param>
    public void Observe(double value, long times)
    {
        if (times < 1) return;
        if (!double.IsFinite(value * times))
        {
            Instrument.CountInvalid(value * times);
            return;
        }

        if (!TryRecord(value, times))
        {
            (Instrument.Successor(this) as BoundSummary)?.Observe(value, times);
            return;
        }

        // The SDK knows no weights.
        for (var i = 0L; i < times && _summary.Mirror is { Enabled: true } mirror; i++) mirror.Record(value, _tags ??= MakeTags());
    }

    /// <summary>Measures from now until the result is disposed, and records that time in the metric's unit:
    /// milliseconds where it is <c>ms</c>, else seconds.</summary>
    public DurationScope Time() => new(this, Instrument.Clock);

    /// <summary>The value of a quantile over the sliding window; NaN while the window is empty.
    /// Within 2% of the value of the nearest rank.</summary>
    /// <param name="quantile">From 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside that range.</exception>
    public double GetQuantile(double quantile)
    {
        CheckQuantile(quantile);
        Span<double> value = stackalloc double[1];
        Read([quantile], value, out _, out _);
        return value[0];
    }

    /// <summary>The value of a quantile over everything since start; NaN when nothing was observed.
    /// Within 2% of the value of the nearest rank.</summary>
    /// <param name="quantile">From 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quantile"/> is outside that range.</exception>
    public double GetQuantileSinceStart(double quantile)
    {
        CheckQuantile(quantile);
        lock (_gate) return _sinceStart.Quantile(quantile);
    }

    /// <summary>A consistent reading of the published quantiles, and of count and sum since start.</summary>
    public SummarySnapshot GetSnapshot()
    {
        var quantiles = _summary.Definition.Points;
        var values = new double[quantiles.Length];
        Read(quantiles, values, out var count, out var sum);
        return new SummarySnapshot(_summary.Quantiles, values, count, sum);
    }

    internal void Read(ReadOnlySpan<double> quantiles, Span<double> values, out long count, out double sum)
    {
        var merged = new QuantileSketch();
        lock (_gate)
        {
            _window.AddTo(merged);
            count = _sinceStart.Count;
            sum = _sum;
        }

        for (var i = 0; i < quantiles.Length; i++) values[i] = merged.Quantile(quantiles[i]);
    }

    /// <summary>Adds what the sliding window holds to a sketch.</summary>
    internal void AddWindowTo(QuantileSketch sketch)
    {
        lock (_gate) _window.AddTo(sketch);
    }

    internal override long ActivityMark()
    {
        lock (_gate) return _sinceStart.Count;
    }

    internal override bool TryRetire(long mark)
    {
        lock (_gate)
        {
            _ended |= _sinceStart.Count == mark;
            return _ended;
        }
    }

    private static void CheckQuantile(double quantile)
    {
        if (!(quantile is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A quantile is a number from 0 to 1: 0.95 stands for the 95th percentile.");
        }
    }

    private bool TryRecord(double value, long times)
    {
        lock (_gate)
        {
            if (_ended) return false;
            _sinceStart.Add(value, times);
            _window.Add(value, times);
            _sum += value * times;
            return true;
        }
    }
}
