using OtelTelemetry.Collectors;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>One series of a metric, as it was when it was asked for. Immutable.</summary>
public sealed class CapturedSeries
{
    internal CapturedSeries(string meter, string metric, CapturedKind kind, MetricTags labels, double value, long count, bool isProcessWide = false)
    {
        MeterName = meter;
        Metric = metric;
        Kind = kind;
        Labels = labels;
        Value = value;
        Count = count;
        IsProcessWide = isProcessWide;
    }

    /// <summary>The name of the meter.</summary>
    public string MeterName { get; }

    /// <summary>The metric's name.</summary>
    public string Metric { get; }

    /// <summary>What the value means.</summary>
    public CapturedKind Kind { get; }

    /// <summary>The labels (tags), constant labels included.</summary>
    public MetricTags Labels { get; }

    /// <summary>The sum of a counter's increments, a gauge's last value, the sum of what a histogram or summary observed.</summary>
    public double Value { get; }

    /// <summary>How often a histogram or summary observed; of a counter or gauge of another library how often it was recorded.</summary>
    public long Count { get; }

    /// <summary>Whether it belongs to a collector of the process-wide registry: then it holds what every test recorded since this capture began.</summary>
    public bool IsProcessWide { get; }

    /// <summary>The series in one line, for people.</summary>
    public override string ToString() =>
        $"{Metric}{(Labels.Count == 0 ? "" : Labels)} {Show.Value(Value)}"
        + (Kind == CapturedKind.Distribution ? $" in {Count} observations" : "")
        + (IsProcessWide ? " (process-wide: tests that run at the same time count too)" : "");
}
