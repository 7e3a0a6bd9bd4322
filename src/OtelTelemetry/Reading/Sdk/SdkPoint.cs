using OpenTelemetry.Metrics;

namespace OtelTelemetry.Reading.Sdk;

/// <summary>A copy of one metric point. Its arrays are kept for the next collection.</summary>
internal sealed class SdkPoint
{
    private long[] _counts = [];
    private int _countLength;
    private MetricExemplar?[] _exemplars = [];
    private int _exemplarLength;

    public SdkSeries? Series { get; set; }

    /// <summary>The value of a sum or gauge; the sum of a histogram.</summary>
    public double Sum { get; private set; }

    public long Count { get; private set; }

    public int Scale { get; private set; }

    public long ZeroCount { get; private set; }

    public int Offset { get; private set; }

    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, _countLength);

    public ReadOnlySpan<MetricExemplar?> Exemplars => _exemplars.AsSpan(0, _exemplarLength);

    /// <summary>Copies everything but an explicit histogram, which needs its family's bounds.</summary>
    public void Fill(MetricType type, in MetricPoint point)
    {
        _countLength = 0;
        _exemplarLength = 0;
        switch (type)
        {
            case MetricType.LongSum:
                Sum = point.GetSumLong();
                KeepLatestExemplar(point, integral: true);
                break;
            case MetricType.DoubleSum:
                Sum = point.GetSumDouble();
                KeepLatestExemplar(point, integral: false);
                break;
            case MetricType.LongSumNonMonotonic:
                Sum = point.GetSumLong();
                break;
            case MetricType.DoubleSumNonMonotonic:
                Sum = point.GetSumDouble();
                break;
            case MetricType.LongGauge:
                Sum = point.GetGaugeLastValueLong();
                break;
            case MetricType.DoubleGauge:
                Sum = point.GetGaugeLastValueDouble();
                break;
            case MetricType.ExponentialHistogram:
                FillExponential(point);
                break;
        }
    }

    public void BeginHistogram(in MetricPoint point)
    {
        Sum = point.GetHistogramSum();
        Count = point.GetHistogramCount();
        _countLength = 0;
        _exemplarLength = 0;
    }

    public void AddBucket(long count)
    {
        if (_countLength == _counts.Length) Array.Resize(ref _counts, Math.Max(16, _countLength * 2));
        _counts[_countLength++] = count;
    }

    public void EndHistogram(in MetricPoint point, ReadOnlySpan<double> bounds)
    {
        // A view without boundaries gives no buckets at all: then everything is in the one up to +Inf.
        if (_countLength == 0) AddBucket(Count);
        if (!point.TryGetExemplars(out var exemplars)) return;

        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.TraceId == default) continue;
            if (_exemplarLength == 0) UseExemplars(_countLength, clear: true);
            var bucket = bounds.BinarySearch(exemplar.DoubleValue);
            KeepExemplar(bucket < 0 ? ~bucket : bucket, exemplar, exemplar.DoubleValue);
        }
    }

    private void FillExponential(in MetricPoint point)
    {
        var data = point.GetExponentialHistogramData();
        Sum = point.GetHistogramSum();
        Count = point.GetHistogramCount();
        Scale = data.Scale;
        ZeroCount = data.ZeroCount;
        Offset = data.PositiveBuckets.Offset;
        foreach (var count in data.PositiveBuckets) AddBucket(count);
        if (!point.TryGetExemplars(out var exemplars)) return;

        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.TraceId == default) continue;
            UseExemplars(_exemplarLength + 1, clear: false);
            KeepExemplar(_exemplarLength - 1, exemplar, exemplar.DoubleValue);
        }
    }

    private void KeepLatestExemplar(in MetricPoint point, bool integral)
    {
        if (!point.TryGetExemplars(out var exemplars)) return;

        var latest = DateTimeOffset.MinValue;
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.TraceId == default || exemplar.Timestamp < latest) continue;
            latest = exemplar.Timestamp;
            UseExemplars(1, clear: false);
            KeepExemplar(0, exemplar, integral ? exemplar.LongValue : exemplar.DoubleValue);
        }
    }

    private void UseExemplars(int length, bool clear)
    {
        if (_exemplars.Length < length) Array.Resize(ref _exemplars, length);
        if (clear) Array.Clear(_exemplars, 0, length);
        _exemplarLength = length;
    }

    private void KeepExemplar(int index, in Exemplar exemplar, double value)
    {
        // An exemplar that did not change since the last use of this slot needs no new object.
        if (_exemplars[index] is { } known && known.Value.Equals(value) && known.Timestamp == exemplar.Timestamp
            && known.TraceId == exemplar.TraceId && known.SpanId == exemplar.SpanId)
        {
            return;
        }

        _exemplars[index] = new MetricExemplar(value, exemplar.Timestamp, exemplar.TraceId, exemplar.SpanId);
    }
}
