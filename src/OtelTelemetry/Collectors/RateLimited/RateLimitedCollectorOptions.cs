namespace OtelTelemetry.Collectors.RateLimited;

/// <summary>The settings of a <see cref="RateLimitedCollector"/>. Immutable.</summary>
public sealed record RateLimitedCollectorOptions : CollectorOptions
{
    /// <summary>How many measurements pass in one window; from 0. Default: 100.</summary>
    public int PermitLimit { get; init; } = 100;

    /// <summary>The length of a window; from 10 milliseconds. Windows follow each other without gaps. Default: 1 second.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many permits that earlier windows left unused may be used on top; from 0. Default: 0, so that no window passes
    /// more than <see cref="PermitLimit"/>.</summary>
    public int Burst { get; init; }

    /// <summary>Whether each metric has the limit for itself, instead of all together. Default: false.</summary>
    public bool PerName { get; init; }

    /// <summary>Limits of single metrics by name, from 0: such a metric has its own and does not use up the common one. Default: none.</summary>
    public IReadOnlyDictionary<string, int> PermitLimits { get; init; } = new Dictionary<string, int>();

    /// <inheritdoc/>
    public override IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider) => new RateLimitedCollector(next, this, timeProvider);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        const string remedy = "Allowed: from 0";
        if (PermitLimit < 0) yield return (nameof(PermitLimit), $"{PermitLimit} is below zero", remedy);
        if (Burst < 0) yield return (nameof(Burst), $"{Burst} is below zero", remedy);
        if (Window < TimeSpan.FromMilliseconds(10)) yield return (nameof(Window), $"{Window} is too short to be told apart", "Allowed: from 10ms");
        foreach (var (name, limit) in PermitLimits)
        {
            if (limit < 0) yield return ($"{nameof(PermitLimits)}:{name}", $"{limit} is below zero", remedy);
        }
    }
}
