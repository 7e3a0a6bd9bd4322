namespace OtelTelemetry.Collectors;

/// <summary>What became of the raw measurements for one sink, at one moment. Immutable.
/// Always: accepted = flushed + buffered + the sum of dropped.</summary>
public sealed record SinkStatistics
{
    /// <summary>The sink's name.</summary>
    public required string Name { get; init; }

    /// <summary>How many measurements were offered to it.</summary>
    public long Accepted { get; init; }

    /// <summary>How many wait, or are being written.</summary>
    public long Buffered { get; init; }

    /// <summary>How many were written.</summary>
    public long Flushed { get; init; }

    /// <summary>How many were lost, by reason (<see cref="CollectorDropReasons"/>). Reasons without any are missing.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();
}
