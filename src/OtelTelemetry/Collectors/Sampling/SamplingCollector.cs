using System.Collections.Frozen;

namespace OtelTelemetry.Collectors.Sampling;

/// <summary>
/// Passes on a part of the measurements, chosen at random; those it keeps stand for those it leaves out, so that counts and sums stay
/// unbiased: the weight of each is divided by the rate, a counter adds the value times the weight, and a histogram or summary
/// observes the value as often as the weight says. A gauge is set to what was kept. Its metadata says <c>sampled</c> and
/// <c>sample_rate</c>. What is left out counts as <see cref="CollectorDropReasons.SampledOut"/>. Thread-safe; allocates nothing.
/// </summary>
/// <remarks>The estimator is that of Horvitz and Thompson (1952): the sum of value / probability over what was kept.</remarks>
public sealed class SamplingCollector : DecoratingCollector
{
    private readonly double _rate;
    private readonly FrozenDictionary<string, double>? _rates;
    private readonly Random _random;

    /// <summary>Makes a collector with one rate.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="rate">The part that is kept, from 0 to 1.</param>
    /// <exception cref="ArgumentException"><paramref name="rate"/> is outside that range.</exception>
    public SamplingCollector(IMetricCollector next, double rate)
        : this(next, new SamplingCollectorOptions { Rate = rate })
    {
    }

    /// <summary>Makes a collector.</summary>
    /// <param name="next">Where measurements go from here.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one.</exception>
    public SamplingCollector(IMetricCollector next, SamplingCollectorOptions options)
        : base(next, "sampling_collector")
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfWrong();
        _rate = options.Rate;
        _rates = options.Rates.Count == 0 ? null : options.Rates.ToFrozenDictionary(StringComparer.Ordinal);
        _random = options.Random;
    }

    /// <inheritdoc/>
    protected override void Process(in Metric metric)
    {
        var rate = _rates is not null && metric.Name is { } name && _rates.TryGetValue(name, out var own) ? own : _rate;
        if (rate >= 1)
        {
            Pass(metric);
            return;
        }

        var draw = _random.NextDouble();
        if (draw >= rate)
        {
            Drop(CollectorDropReasons.SampledOut);
            return;
        }

        // Given that it was kept, the draw divided by the rate is a new draw: it rounds the number of measurements.
        var represents = metric.Represents / rate;
        var whole = Math.Floor(represents);
        Pass(metric.Sampled(metric.Weight / rate, (long)whole + (draw / rate < represents - whole ? 1 : 0)));
    }
}
