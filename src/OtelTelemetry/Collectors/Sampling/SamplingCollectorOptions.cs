namespace OtelTelemetry.Collectors.Sampling;

/// <summary>The settings of a <see cref="SamplingCollector"/>. Immutable.</summary>
public sealed record SamplingCollectorOptions : CollectorOptions
{
    /// <summary>The part of all measurements that is kept, from 0 (none) to 1 (all). Default: 0.1.</summary>
    public double Rate { get; init; } = 0.1;

    /// <summary>Rates of single metrics by name, instead of <see cref="Rate"/>. Default: none.</summary>
    public IReadOnlyDictionary<string, double> Rates { get; init; } = new Dictionary<string, double>();

    /// <summary>Where the collector's seeds come from when it is made; a seeded one makes its choice repeatable for one thread.
    /// Default: <see cref="System.Random.Shared"/>.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <inheritdoc/>
    public override IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider) => new SamplingCollector(next, this);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        const string remedy = "Allowed: 0 (none) to 1 (all)";
        if (!(Rate is >= 0 and <= 1)) yield return (nameof(Rate), $"{Rate} is not a part of a whole", remedy);
        foreach (var (name, rate) in Rates)
        {
            if (!(rate is >= 0 and <= 1)) yield return ($"{nameof(Rates)}:{name}", $"{rate} is not a part of a whole", remedy);
        }

        if (Random is null) yield return (nameof(Random), "it is null", "Leave it out for the default");
    }
}
