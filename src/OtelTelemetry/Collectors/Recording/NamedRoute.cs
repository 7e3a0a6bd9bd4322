using System.Collections.Concurrent;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Collectors.Recording;

/// <summary>The way from tags to the series of one instrument. Thread-safe.</summary>
internal sealed class NamedRoute(MetricInstrument instrument)
{
    // Kept handles stay true when a series expires: what is recorded through them goes to the series that takes its place.
    private readonly ConcurrentDictionary<MetricTags, BoundSeries> _series = new();
    private int _remembered;

    /// <summary>Records a measurement.</summary>
    /// <returns>Null, or the reason why it was left out; the instrument has counted it then.</returns>
    internal string? Apply(in Metric metric)
    {
        var value = metric.Value;
        if (!double.IsFinite(metric.ScaledValue))
        {
            instrument.CountInvalid(metric.ScaledValue);
            return double.IsNaN(value) ? CollectorDropReasons.NotANumber : CollectorDropReasons.Infinite;
        }

        if (!_series.TryGetValue(metric.Tags, out var series) && (series = Resolve(metric.Tags)) is null)
        {
            return Dropped(MeasurementDropReason.LabelMismatch);
        }

        switch (series)
        {
            case BoundCounter when value < 0:
                return Dropped(MeasurementDropReason.NegativeIncrement);
            case BoundCounter counter:
                counter.Inc(metric.ScaledValue);
                break;
            case BoundHistogram histogram:
                histogram.Observe(value, metric.Represents);
                break;
            case BoundGauge gauge:
                gauge.Set(value);
                break;
            case BoundSummary summary:
                summary.Observe(value, metric.Represents);
                break;
        }

        return null;
    }

    private string Dropped(MeasurementDropReason reason)
    {
        instrument.CountDropped(reason);
        return TelemetryLosses.NameOf(reason);
    }

    /// <summary>The series: a label without a tag is empty; a tag that is no label is an error.</summary>
    private BoundSeries? Resolve(MetricTags tags)
    {
        var names = instrument.LabelNameArray;
        var values = new string[names.Length];
        var used = 0;
        for (var i = 0; i < names.Length; i++)
        {
            if (tags.TryGetValue(names[i], out var value)) used++;
            values[i] = value ?? "";
        }

        if (used != tags.Count) return null;
        var series = instrument.Resolve(values.AsSpan());
        if (!ReferenceEquals(series, instrument.OverflowSeries)) Remember(tags, series);
        return series;
    }

    private void Remember(MetricTags tags, BoundSeries series)
    {
        if (Interlocked.Increment(ref _remembered) > instrument.MaxSeries)
        {
            // Expired series, or tags that lead to the same series: the memory begins anew.
            _series.Clear();
            Volatile.Write(ref _remembered, 1);
        }

        _series.TryAdd(tags, series);
    }
}
