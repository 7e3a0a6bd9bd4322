using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements.Labels;

namespace OtelTelemetry.Processors.Measurements;

/// <summary>What all rules that match one instrument come to. Immutable.</summary>
internal sealed class InstrumentPlan
{
    private InstrumentPlan(string name) => Name = name;

    public bool IsDenied { get; private init; }

    /// <summary>The name to export under.</summary>
    public string Name { get; private init; }

    /// <summary>Other buckets for a histogram, or null.</summary>
    public double[]? Buckets { get; private init; }

    /// <summary>What happens to labels, or null.</summary>
    public LabelChanges? Labels { get; private init; }

    public GaugeMerge GaugeMerge { get; private init; }

    /// <summary>The quantiles to compute of another library's histogram, ascending; or empty.</summary>
    public double[] Quantiles { get; private init; } = [];

    /// <summary>Puts rules together.</summary>
    /// <param name="instrument">The instrument's own name.</param>
    /// <param name="rules">The rules that match it, in their order.</param>
    public static InstrumentPlan Combine(string instrument, IReadOnlyList<MeasurementRule> rules)
    {
        var buckets = rules.LastOrDefault(rule => rule.Buckets.Count > 0)?.Buckets;
        var quantiles = rules.LastOrDefault(rule => rule.Quantiles.Count > 0)?.Quantiles ?? [];
        return new InstrumentPlan(NewName(instrument, rules.LastOrDefault(rule => rule.Rename is not null)?.Rename))
        {
            IsDenied = rules.Any(rule => rule.Deny),
            Buckets = buckets is null ? null : MetricNames.CheckBuckets(instrument, [.. buckets]),
            Labels = LabelChanges.From(rules),
            GaugeMerge = rules.LastOrDefault(rule => rule.GaugeMerge is not null)?.GaugeMerge ?? GaugeMerge.Maximum,
            Quantiles = MetricNames.CheckQuantiles(instrument, [.. quantiles]),
        };
    }

    /// <summary>The new name; the old one where the new one would be too long.</summary>
    private static string NewName(string instrument, string? pattern)
    {
        var name = pattern?.Replace("*", instrument, StringComparison.Ordinal) ?? instrument;
        return name.Length <= MetricNames.LongestName ? name : instrument;
    }
}
