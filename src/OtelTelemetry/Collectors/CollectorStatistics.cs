namespace OtelTelemetry.Collectors;

/// <summary>What became of the measurements a collector took, at one moment. Immutable.
/// Always: recorded = applied + buffered + the sum of dropped.</summary>
public sealed record CollectorStatistics
{
    private readonly long _recorded;

    /// <summary>How many measurements were recorded.</summary>
    public long Recorded
    {
        get => _recorded;
        init => _recorded = value;
    }

    /// <summary>How many reached their instrument; of a single collector in front of others: how many it passed on.</summary>
    public long Applied { get; init; }

    /// <summary>How many are held back in a batch, or on their way at this very moment.</summary>
    public long Buffered { get; init; }

    /// <summary>How many were left out, by reason (<see cref="CollectorDropReasons"/>). Reasons without any are missing.</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();

    /// <summary>How many were left out, whatever the reason.</summary>
    public long DroppedTotal => Dropped.Values.Sum();

    /// <summary>What the sinks of raw measurements did, one entry a sink. Beside the instruments: what a sink takes has been applied as well.</summary>
    public IReadOnlyList<SinkStatistics> Sinks { get; init; } = [];

    /// <summary>How many raw measurements the sinks have written.</summary>
    public long Flushed => Sinks.Sum(sink => sink.Flushed);

    /// <summary>The numbers in one line, for people.</summary>
    public override string ToString()
    {
        var dropped = Dropped.Count == 0 ? "0" : string.Join(", ", Dropped.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"));
        var sinks = Sinks.Count == 0 ? "" : $", flushed {Flushed}";
        return $"recorded {Recorded}, applied {Applied}, buffered {Buffered}, dropped {dropped}{sinks}";
    }
}
