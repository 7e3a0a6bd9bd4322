using OtelTelemetry.Delivery;

namespace OtelTelemetry.Collectors;

/// <summary>
/// The settings of one collector of a pipeline, and how it is made: what <see cref="CollectorPipelineBuilder"/> and
/// <c>Telemetry:Metrics:Collectors</c> put together. Derive from it for a collector of your own. Immutable.
/// </summary>
public abstract record CollectorOptions
{
    /// <summary>Makes the collector.</summary>
    /// <param name="next">Where it passes measurements on to.</param>
    /// <param name="timeProvider">Its clock.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public abstract IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider);

    /// <summary>Makes the collector in an application that has a delivery.</summary>
    internal virtual IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider, DeliveryMonitor? delivery) => Create(next, timeProvider);

    /// <summary>What is wrong with the settings: the property, the problem, the remedy.</summary>
    internal virtual IEnumerable<(string Property, string Problem, string Remedy)> Check() => [];

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal void ThrowIfWrong()
    {
        string[] problems = [.. Check().Select(wrong => $"{GetType().Name}.{wrong.Property}: {wrong.Problem}. {wrong.Remedy}.")];
        if (problems.Length > 0) throw new ArgumentException(string.Join(Environment.NewLine, problems));
    }
}
