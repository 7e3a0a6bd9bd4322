using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Quantiles;

/// <summary>One series of a <see cref="QuantileFamily"/>: quantiles over the last ten minutes, count and sum since start. Thread-safe.</summary>
internal sealed class QuantileSeries(KeyValuePair<string, string>[] labels, TimeProvider time) : Series
{
    /// <summary>How far back the quantiles look.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly SlidingSketch _window = new(Window, time);
    private long _count;
    private double _sum;

    public override int LabelCount => labels.Length;

    public override KeyValuePair<string, string> GetLabel(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, labels.Length);
        return labels[index];
    }

    /// <summary>Takes a finite value.</summary>
    public void Observe(double value)
    {
        lock (_gate)
        {
            _window.Add(value);
            _count++;
            _sum += value;
        }
    }

    public void Read(ReadOnlySpan<double> quantiles, Span<double> values, out long count, out double sum)
    {
        var merged = new QuantileSketch();
        lock (_gate)
        {
            _window.AddTo(merged);
            count = _count;
            sum = _sum;
        }

        for (var i = 0; i < quantiles.Length; i++) values[i] = merged.Quantile(quantiles[i]);
    }
}
