namespace OtelTelemetry.Collectors;

/// <summary>
/// Puts collectors one after the other: what is written first sees a measurement first. Each <c>Use…</c> method stands in the folder
/// of its collector. Used while the application is put together, by one thread.
/// </summary>
/// <example><code>
/// await using var pipeline = metrics.CreatePipeline(collectors => collectors
///     .UseAggregation(TimeSpan.FromMinutes(1))
///     .UseSampling(0.1)
///     .UseRateLimit(1000)
///     .UseBatching(100));
/// pipeline.Record("requests_total", 1, ("endpoint", "/api/users"));
/// </code></example>
public sealed class CollectorPipelineBuilder
{
    private readonly IList<CollectorOptions> _stages;

    internal CollectorPipelineBuilder(IList<CollectorOptions> stages) => _stages = stages;

    /// <summary>Adds a collector behind those that are there.</summary>
    /// <param name="options">Its settings, which make it.</param>
    public CollectorPipelineBuilder Use(CollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _stages.Add(options);
        return this;
    }

    /// <summary>Adds a collector of your own behind those that are there.</summary>
    /// <param name="create">Makes it; it is given what comes next. <see cref="DecoratingCollector"/> is a base for it.</param>
    public CollectorPipelineBuilder Use(Func<IMetricCollector, IMetricCollector> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Use(new FunctionOptions(create));
    }

    private sealed record FunctionOptions(Func<IMetricCollector, IMetricCollector> Function) : CollectorOptions
    {
        public override IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider) => Function(next);
    }
}
