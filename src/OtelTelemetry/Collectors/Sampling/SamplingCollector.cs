using System.Collections.Frozen;

namespace OtelTelemetry.Collectors.Sampling;

/// <summary>
/// Passes on a part of the measurements; those it keeps stand for those it leaves out, so that counts and sums stay unbiased: the
/// weight of each is divided by the rate, a counter adds the value times the weight, and a histogram or summary observes the value as
/// often as the weight says. A gauge is set to what was kept. Its metadata says <c>sampled</c> and <c>sample_rate</c>. What is left
/// out counts as <see cref="CollectorDropReasons.SampledOut"/>. Thread-safe; allocates nothing.
/// </summary>
/// <remarks>At a rate of 0.1 one of every ten is kept, at a random place among the ten: the number that is kept hardly varies. The
/// estimator is that of Horvitz and Thompson (1952): the sum of value / probability over what was kept.</remarks>
public sealed class SamplingCollector : DecoratingCollector
{
    private readonly double _rate;
    private readonly StratifiedSampler _sampler;
    private readonly FrozenDictionary<string, (double Rate, StratifiedSampler Sampler)>? _own;

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
        _sampler = Make(options.Rate);
        if (options.Rates.Count == 0) return;
        _own = options.Rates.ToFrozenDictionary(rate => rate.Key, rate => (rate.Value, Make(rate.Value)), StringComparer.Ordinal);

        StratifiedSampler Make(double rate) => new(rate, (ulong)options.Random.NextInt64());
    }

    /// <inheritdoc/>
    protected override void Process(in Metric metric)
    {
        var (rate, sampler) = _own is not null && metric.Name is { } name && _own.TryGetValue(name, out var own) ? own : (_rate, _sampler);
        if (rate >= 1)
        {
            Pass(metric);
            return;
        }

        var draw = 0.0;
        var chosen = rate > 0 ? sampler.Next(out draw) : 0;
        if (chosen == 0)
        {
            Drop(CollectorDropReasons.SampledOut);
            return;
        }

        var factor = chosen * sampler.Inverse;
        var represents = metric.Represents * factor;
        var whole = Math.Floor(represents);
        // Histograms count whole measurements: rounded at random, so that the mean is right.
        Pass(metric.Sampled(metric.Weight * factor, (long)whole + (draw < represents - whole ? 1 : 0)));
    }
}
