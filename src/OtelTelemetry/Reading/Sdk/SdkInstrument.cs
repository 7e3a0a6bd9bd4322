using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OtelTelemetry.Reading.Sdk;

/// <summary>What stays the same of one SDK metric from collection to collection: its descriptor and its series.
/// Written only by the collecting thread.</summary>
internal sealed class SdkInstrument
{
    private readonly List<SdkSeries> _series = [];

    private SdkInstrument(MetricDescriptor descriptor) => Descriptor = descriptor;

    public MetricDescriptor Descriptor { get; }

    /// <summary>The number of the last collection that had this metric, so that vanished ones can be forgotten.</summary>
    public long LastSeen { get; set; }

    /// <summary>Describes a metric; null when its type is none we know.</summary>
    public static SdkInstrument? From(Metric metric)
    {
        var kind = KindOf(metric);
        if (kind is null || string.IsNullOrEmpty(metric.Name)) return null;

        var scope = new MetricScope(metric.MeterName ?? "", metric.MeterVersion ?? "")
        {
            Attributes = metric.MeterTags?.Select(tag => KeyValuePair.Create(tag.Key, TagText.Of(tag.Value))).ToArray() ?? [],
        };
        return new SdkInstrument(new MetricDescriptor(metric.Name, kind.Value, metric.Unit, metric.Description, scope));
    }

    /// <summary>The series at a position, which is a new one when its tags are not those of last time.</summary>
    public SdkSeries SeriesAt(int index, in ReadOnlyTagCollection tags)
    {
        if (index < _series.Count)
        {
            var known = _series[index];
            return known.Has(tags) ? known : _series[index] = new SdkSeries(tags);
        }

        var added = new SdkSeries(tags);
        _series.Add(added);
        return added;
    }

    private static MetricKind? KindOf(Metric metric) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.DoubleSum => IsWronglyMonotonic(metric) ? MetricKind.UpDownCounter : MetricKind.Counter,
        MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => MetricKind.UpDownCounter,
        MetricType.LongGauge or MetricType.DoubleGauge => MetricKind.Gauge,
        MetricType.Histogram => MetricKind.Histogram,
        MetricType.ExponentialHistogram => MetricKind.ExponentialHistogram,
        _ => null,
    };

    // .NET publishes these two as ObservableCounter although they go down, which no rate() survives.
    private static bool IsWronglyMonotonic(Metric metric) =>
        metric is { MeterName: "System.Runtime", Name: "dotnet.thread_pool.queue.length" or "dotnet.thread_pool.thread.count" };
}
