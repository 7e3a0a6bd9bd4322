using OtelTelemetry.Patterns;

using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Labels;

/// <summary>All that rules do to the labels of one instrument, step by step. Immutable.</summary>
internal sealed class LabelChanges(LabelChange[] steps)
{
    /// <summary>Whether labels only go: what a view of the SDK can do, with right sums where measurements are recorded and not observed.</summary>
    public bool OnlyDrops { get; } = Array.TrueForAll(steps, step => step is LabelChange.Keep or LabelChange.Drop);

    /// <summary>The labels that stay, when they were named; else null.</summary>
    public string[]? Kept
    {
        get
        {
            IEnumerable<string>? kept = null;
            foreach (var step in steps.OfType<LabelChange.Keep>()) kept = kept is null ? step.Names : kept.Intersect(step.Names, StringComparer.Ordinal);
            return kept?.Except(Dropped, StringComparer.Ordinal).ToArray();
        }
    }

    /// <summary>The labels that go.</summary>
    public string[] Dropped => [.. steps.OfType<LabelChange.Drop>().SelectMany(step => step.Names).Distinct(StringComparer.Ordinal)];

    /// <summary>The steps of some rules, in order; null when there are none.</summary>
    public static LabelChanges? From(IEnumerable<MeasurementRule> rules)
    {
        var steps = new List<LabelChange>();
        foreach (var rule in rules) Add(steps, rule);
        return steps.Count == 0 ? null : new LabelChanges([.. steps]);
    }

    /// <summary>The labels after all steps.</summary>
    /// <returns>Null when the measurement is left out.</returns>
    public Tag[]? Apply(ReadOnlySpan<Tag> labels)
    {
        var changed = new List<Tag>(labels.Length + 1);
        foreach (ref readonly var label in labels) changed.Add(new(label.Key ?? "", label.Value));
        foreach (var step in steps)
        {
            if (!step.Apply(changed)) return null;
        }

        return [.. changed];
    }

    private static void Add(List<LabelChange> steps, MeasurementRule rule)
    {
        if (rule.DropWhere.Count > 0)
        {
            steps.Add(new LabelChange.Filter([.. rule.DropWhere.Select(condition => (condition.Key, new WildcardPattern(condition.Value, ignoreCase: false)))]));
        }

        if (rule.KeepLabels.Count > 0) steps.Add(new LabelChange.Keep([.. rule.KeepLabels]));
        if (rule.DropLabels.Count > 0) steps.Add(new LabelChange.Drop([.. rule.DropLabels]));
        foreach (var (label, values) in rule.MapLabels) steps.Add(new LabelChange.Map(label, values));
        foreach (var (from, to) in rule.RenameLabels) steps.Add(new LabelChange.Rename(from, to));
        foreach (var (name, value) in rule.AddLabels) steps.Add(new LabelChange.Add(name, value));
    }
}
