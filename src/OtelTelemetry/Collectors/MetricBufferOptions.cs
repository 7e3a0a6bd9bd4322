namespace OtelTelemetry.Collectors;

/// <summary>The settings of the buffer between a collector and a sink of raw measurements. The values are copied when the sink is added.</summary>
public sealed record MetricBufferOptions
{
    /// <summary>How many measurements are written at once, and make a batch be written before its time; from 1. Default: 1000.</summary>
    public int BatchSize { get; set; } = 1000;

    /// <summary>The most measurements that wait; further ones are counted as dropped (<see cref="CollectorDropReasons.BufferFull"/>).
    /// At least <see cref="BatchSize"/>. Default: 10,000, which is about half a megabyte.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>The most time until a measurement is written; more than zero. Default: 10 seconds.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most time the sink may take for a batch, the last one included; more than zero. Default: 10 seconds.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with the settings: the property, the problem, the remedy.</summary>
    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (BatchSize < 1) yield return (nameof(BatchSize), $"{BatchSize} measurements are no batch", "Allowed: from 1");
        if (Capacity < BatchSize) yield return (nameof(Capacity), $"{Capacity} holds less than one batch of {BatchSize}", "Allowed: from the batch size");
        if (FlushInterval <= TimeSpan.Zero) yield return (nameof(FlushInterval), $"{FlushInterval} is no time to wait", "Allowed: more than zero, such as 10s");
        if (WriteTimeout <= TimeSpan.Zero) yield return (nameof(WriteTimeout), $"{WriteTimeout} is no time to write", "Allowed: more than zero, such as 10s");
    }
}
