using OtelTelemetry.Delivery;

namespace OtelTelemetry.Collectors.Retry;

/// <summary>The settings of a <see cref="RetryCollector"/>. What is null is as <c>Telemetry:Delivery</c> says. Immutable.</summary>
public sealed record RetryCollectorOptions : CollectorOptions
{
    /// <summary>The name in reports, metrics and the outbox: lower case with underscores, of one collector only. Default: <c>retry_collector</c>.</summary>
    public string Name { get; init; } = "retry_collector";

    /// <summary>How often measurements are tried again before they are dropped and counted; at least 1. Default: null, which is until
    /// they are older than <see cref="MaxAge"/>.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>About how long the first repetition waits; each further one waits about twice as long. More than zero. Default: null.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>The longest a repetition waits, at most a day. Default: null.</summary>
    public TimeSpan? MaxRetryDelay { get; init; }

    /// <summary>The most bytes that wait; past it the oldest measurements are dropped and counted. At least 1. Default: null.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>The longest a measurement waits; more than zero. Default: null.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>How many measurements are kept together; from 1. Default: 1000.</summary>
    public int BatchSize { get; init; } = 1000;

    /// <summary>The longest a measurement that was not taken is in memory only; more than zero. Default: 1 second.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider) => Create(next, timeProvider, null);

    internal override IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider, DeliveryMonitor? delivery) => new RetryCollector(next, this, delivery, timeProvider);

    /// <summary>The settings of the destination. What is given to it has failed before, so it goes to the outbox at once.</summary>
    internal DeliveryOptions Over(DeliveryOptions all) => ToDestination().Over(all) with { Mode = DeliveryMode.Outbox, Order = DeliveryOrder.InOrder };

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (!IsName(Name)) yield return (nameof(Name), $"'{Name}' is not a name", "Allowed: lower-case letters, digits and underscores, beginning with a letter");
        if (BatchSize < 1) yield return (nameof(BatchSize), $"{BatchSize} measurements are no batch", "Allowed: from 1");
        if (MaxDelay <= TimeSpan.Zero) yield return (nameof(MaxDelay), $"{MaxDelay} is no time to wait", "Allowed: more than zero, such as 1s");
        foreach (var (property, problem, remedy) in ToDestination().Check())
        {
            var own = property switch
            {
                nameof(DestinationOptions.MaxAttempts) => nameof(MaxRetries),
                nameof(DestinationOptions.Backoff) => nameof(RetryDelay),
                nameof(DestinationOptions.MaxBackoff) => nameof(MaxRetryDelay),
                _ => property,
            };
            yield return (own, problem, remedy.Replace("MaxBackoff", nameof(MaxRetryDelay), StringComparison.Ordinal));
        }
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 } && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private DestinationOptions ToDestination() => new() { MaxAttempts = MaxRetries, Backoff = RetryDelay, MaxBackoff = MaxRetryDelay, MaxBytes = MaxBytes, MaxAge = MaxAge };
}
