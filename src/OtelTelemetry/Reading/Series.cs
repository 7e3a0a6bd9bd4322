namespace OtelTelemetry.Reading;

/// <summary>One combination of label values of a metric: what a line of a scrape stands for.</summary>
public abstract class Series
{
    private protected Series()
    {
    }

    /// <summary>How many labels the series has, constant labels included.</summary>
    public abstract int LabelCount { get; }

    /// <summary>What an exporter has rendered of this series and wants to find again at the next collection.
    /// Written by the Prometheus text writer only; a lost race costs one more rendering, nothing else.</summary>
    internal object? TextCache { get; set; }

    /// <summary>The label at a position: constant labels first, then the metric's labels in the order of registration.</summary>
    /// <param name="index">From 0 to <see cref="LabelCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public abstract KeyValuePair<string, string> GetLabel(int index);

    /// <summary>The labels in braces, for people.</summary>
    public override string ToString() =>
        "{" + string.Join(",", Enumerable.Range(0, LabelCount).Select(i => $"{GetLabel(i).Key}=\"{GetLabel(i).Value}\"")) + "}";
}
