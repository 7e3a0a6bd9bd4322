namespace OtelTelemetry.Collectors.Batch;

/// <summary>The settings of a <see cref="BatchCollector"/>. Immutable.</summary>
public sealed record BatchCollectorOptions : CollectorOptions
{
    /// <summary>How many measurements make a batch; from 1. Default: 100.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>The longest time a measurement is held back; more than zero. Default: 1 second.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most measurements that are held back while another thread passes a batch on; further ones are counted as dropped
    /// (<see cref="CollectorDropReasons.BufferFull"/>). At least <see cref="BatchSize"/>. Default: null, sixteen batches.</summary>
    public int? Capacity { get; init; }

    /// <inheritdoc/>
    public override IMetricCollector Create(IMetricCollector next, TimeProvider timeProvider) => new BatchCollector(next, this, timeProvider);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (BatchSize < 1) yield return (nameof(BatchSize), $"{BatchSize} measurements are no batch", "Allowed: from 1");
        if (Capacity < BatchSize) yield return (nameof(Capacity), $"{Capacity} holds less than one batch of {BatchSize}", "Allowed: from the batch size, or no setting");
        if (MaxAge <= TimeSpan.Zero) yield return (nameof(MaxAge), $"{MaxAge} is no time to wait", "Allowed: more than zero, such as 1s");
    }
}
