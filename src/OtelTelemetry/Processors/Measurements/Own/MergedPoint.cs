using OtelTelemetry.Metrics.Cells;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements.Own;

/// <summary>The value of one series at one collection, put together from all that go into it. Written by one thread, then read by any.</summary>
internal sealed class MergedPoint(ProcessedSeries series)
{
    private int _gauges;

    public ProcessedSeries Series => series;

    /// <summary>The value of a counter or gauge; the sum of a histogram or summary.</summary>
    public double Number { get; private set; }

    public long[] Buckets { get; private set; } = [];

    public MetricExemplar?[] Exemplars { get; private set; } = [];

    /// <summary>How many values a summary has seen.</summary>
    public long Count { get; private set; }

    public QuantileSketch? Sketch { get; private set; }

    public void AddCounter(double value, MetricExemplar? exemplar)
    {
        Number += value;
        if (exemplar is null) return;
        if (Exemplars.Length == 0) Exemplars = new MetricExemplar?[1];
        KeepLater(ref Exemplars[0], exemplar);
    }

    public void AddGauge(double value, GaugeMerge how)
    {
        Number = _gauges == 0 ? value : how switch
        {
            GaugeMerge.Minimum => Math.Min(Number, value),
            GaugeMerge.Sum => Number + value,
            GaugeMerge.Average => Number + ((value - Number) / (_gauges + 1)),
            GaugeMerge.Last => value,
            _ => Math.Max(Number, value),
        };
        _gauges++;
    }

    public void AddHistogram(ReadOnlySpan<long> buckets, double sum, ReadOnlySpan<MetricExemplar?> exemplars)
    {
        if (Buckets.Length == 0) Buckets = new long[buckets.Length];
        for (var i = 0; i < buckets.Length; i++) Buckets[i] += buckets[i];
        Number += sum;
        if (exemplars.IsEmpty) return;
        if (Exemplars.Length == 0) Exemplars = new MetricExemplar?[buckets.Length];
        for (var i = 0; i < exemplars.Length; i++)
        {
            if (exemplars[i] is { } exemplar) KeepLater(ref Exemplars[i], exemplar);
        }
    }

    public void AddSummary(long count, double sum)
    {
        Count += count;
        Number += sum;
        Sketch ??= new QuantileSketch();
    }

    private static void KeepLater(ref MetricExemplar? kept, MetricExemplar exemplar)
    {
        if (kept is null || exemplar.Timestamp > kept.Timestamp) kept = exemplar;
    }
}
