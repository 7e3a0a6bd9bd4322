using OtelTelemetry.Metrics;
using OtelTelemetry.Patterns;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Processors.Measurements;

/// <summary>The rules of one application, ready to be matched. Immutable.</summary>
internal sealed class MeasurementRules
{
    private readonly (WildcardPattern Meter, WildcardPattern Instrument, MeasurementRule Rule)[] _rules;

    /// <summary>Takes rules that were checked.</summary>
    public MeasurementRules(IEnumerable<MeasurementRule> rules) => _rules =
    [
        .. rules.Select(rule => (new WildcardPattern(rule.Meter, ignoreCase: true), new WildcardPattern(rule.Instrument, ignoreCase: true), rule)),
    ];

    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Whether any rule gives instruments other names.</summary>
    public bool GiveNames => Array.Exists(_rules, rule => rule.Rule.Rename is not null);

    /// <summary>What is to happen to an instrument; null when no rule matches it. Costs a few comparisons a rule: ask once an instrument.</summary>
    public InstrumentPlan? PlanFor(string meter, string instrument)
    {
        List<MeasurementRule>? matching = null;
        foreach (var (meters, instruments, rule) in _rules)
        {
            if (meters.IsMatch(meter) && instruments.IsMatch(instrument)) (matching ??= []).Add(rule);
        }

        return matching is null ? null : InstrumentPlan.Combine(instrument, matching);
    }

    /// <summary>Our own histograms get a rule's buckets when they are made: counts cannot be sorted into others afterwards.</summary>
    public InstrumentDefinition Redefine(InstrumentDefinition definition) =>
        definition.Kind == MetricKind.Histogram && PlanFor(definition.Scope.Name, definition.FullName)?.Buckets is { } buckets
            ? definition with { Points = buckets }
            : definition;
}
