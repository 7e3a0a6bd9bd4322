using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>A checked and completed definition: what makes two registrations the same metric, or a conflict.</summary>
internal sealed record InstrumentDefinition
{
    public required string FullName { get; init; }

    public required MetricKind Kind { get; init; }

    public required string Help { get; init; }

    public required string Unit { get; init; }

    public required string[] LabelNames { get; init; }

    public required KeyValuePair<string, string>[] ConstantLabels { get; init; }

    public required MetricScope Scope { get; init; }

    public required int MaxSeries { get; init; }

    public required TimeSpan? IdleExpiry { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>A histogram's bounds or a summary's quantiles; empty for other kinds.</summary>
    public double[] Points { get; init; } = [];

    /// <summary>A summary's window.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>The setting that declared the metric, for messages; null for code. No part of its identity.</summary>
    public string? DeclaredIn { get; init; }

    /// <summary>Whether both describe one family: what may not differ under one name.</summary>
    internal bool SameFamily(InstrumentDefinition other) =>
        Kind == other.Kind && Unit == other.Unit && Window == other.Window
        && LabelNames.AsSpan().SequenceEqual(other.LabelNames) && Points.AsSpan().SequenceEqual(other.Points);

    /// <summary>Whether both have the same constant labels: then they are one metric.</summary>
    internal bool SameConstantLabels(InstrumentDefinition other) => ConstantLabels.AsSpan().SequenceEqual(other.ConstantLabels);

    public override string ToString()
    {
        var labels = LabelNames.Length == 0 ? "no labels" : "labels " + string.Join(", ", LabelNames);
        var unit = Unit.Length == 0 ? "" : $", unit {Unit}";
        var points = Points.Length == 0 ? "" : (Kind == MetricKind.Summary ? ", quantiles " : ", buckets ") + string.Join(", ", Points);
        var origin = DeclaredIn is null ? "" : $", declared in {DeclaredIn}";
        return $"{Kind} {FullName} ({labels}{unit}{points}{origin})";
    }
}
