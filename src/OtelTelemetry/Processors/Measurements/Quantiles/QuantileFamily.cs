using OtelTelemetry.Processors.Measurements.Labels;
using OtelTelemetry.Reading;
using OtelTelemetry.Reading.Sdk;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Quantiles;

/// <summary>The quantiles of another library's histogram, as a summary beside it. Its series are those of the relay that feeds it,
/// which bounds them. Thread-safe.</summary>
internal sealed class QuantileFamily(MetricDescriptor descriptor, double[] quantiles, TimeProvider time) : MetricFamilyReader
{
    /// <summary>What the histogram's name gets added.</summary>
    public const string Suffix = ".quantiles";

    private readonly Lock _gate = new();
    private QuantileSeries[] _series = [];

    public override MetricDescriptor Descriptor => descriptor;

    /// <summary>Makes the series of these tags. The caller asks once a set of tags.</summary>
    public QuantileSeries Add(Tag[] tags)
    {
        var series = new QuantileSeries([.. tags.Select(tag => KeyValuePair.Create(tag.Key, TagText.Of(tag.Value)))], time);
        lock (_gate) _series = [.. _series, series];
        return series;
    }

    public override int Read(int start, MetricVisitor visitor)
    {
        var all = Volatile.Read(ref _series);
        Span<double> values = quantiles.Length <= 32 ? stackalloc double[quantiles.Length] : new double[quantiles.Length];
        for (var i = start; i < all.Length; i++)
        {
            all[i].Read(quantiles, values, out var count, out var sum);
            if (!visitor.VisitSummary(all[i], new SummaryView(quantiles, values, count, sum))) return i + 1 == all.Length ? Done : i + 1;
        }

        return Done;
    }
}
