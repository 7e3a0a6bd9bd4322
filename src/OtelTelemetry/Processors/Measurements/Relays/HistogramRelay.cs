using System.Diagnostics.Metrics;
using OtelTelemetry.Processors.Measurements.Labels;
using OtelTelemetry.Processors.Measurements.Quantiles;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>Records what is recorded in a histogram in another one, with other labels; or in a summary, or in both.</summary>
internal sealed class HistogramRelay : Relay
{
    private readonly QuantileFamily? _quantiles;
    private readonly Action<QuantileFamily> _onQuantilesEnded;
    private readonly bool _forwards;
    private readonly TagTargets<Target> _targets;
    private readonly TagCache<Target> _known;
    private Histogram<double>? _result;

    /// <summary>Makes a relay.</summary>
    /// <param name="context">What it is made from.</param>
    /// <param name="forwards">Whether there is another histogram. Else the original goes to the SDK itself.</param>
    /// <param name="quantiles">The summary, or null.</param>
    /// <param name="onQuantilesEnded">Called with the summary at the end.</param>
    public HistogramRelay(RelayContext context, bool forwards, QuantileFamily? quantiles, Action<QuantileFamily> onQuantilesEnded)
        : base(context)
    {
        _forwards = forwards;
        _quantiles = quantiles;
        _onQuantilesEnded = onQuantilesEnded;
        _targets = new TagTargets<Target>(context.MostSeries, tags => new Target(tags, _quantiles?.Add(tags)));
        _known = new TagCache<Target>(tags => Change(tags) is { } changed ? _targets.GetOrAdd(changed) : null);
    }

    private protected override bool IsRead => false;

    public override void Record(long value, ReadOnlySpan<Tag> tags) => Record((double)value, tags);

    public override void Record(double value, ReadOnlySpan<Tag> tags)
    {
        if (!double.IsFinite(value))
        {
            CountNotFinite(value);
        }
        else if (_known.Find(tags) is not { } target)
        {
            CountFiltered();
        }
        else
        {
            target.Quantiles?.Observe(value);
            _result?.Record(value, target.Tags);
        }
    }

    private protected override void Publish(Meter meter, string name, string? unit, string? description)
    {
        if (_forwards) _result = meter.CreateHistogram(name, unit, description, tags: null, Advice(Context.Source));
    }

    private protected override void OnDisposed()
    {
        if (_quantiles is not null) _onQuantilesEnded(_quantiles);
    }

    private static InstrumentAdvice<double>? Advice(Instrument source)
    {
        IEnumerable<double>? bounds = source switch
        {
            Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries,
            Histogram<float> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Histogram<int> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Histogram<short> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Histogram<byte> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            _ => null,
        };
        return bounds is null ? null : new InstrumentAdvice<double> { HistogramBucketBoundaries = [.. bounds] };
    }

    private sealed record Target(Tag[] Tags, QuantileSeries? Quantiles);
}
