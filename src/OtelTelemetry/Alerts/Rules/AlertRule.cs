using OtelTelemetry.Configuration;

namespace OtelTelemetry.Alerts.Rules;

/// <summary>
/// When an alert fires: a function of each series of a metric is compared with a threshold, and holds for some time. Every series has an alert of its own.
/// In section <c>Telemetry:Alerts:Rules</c> by name. Immutable.
/// </summary>
public sealed record AlertRule
{
    internal static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);
    internal static readonly TimeSpan LongestDuration = TimeSpan.FromDays(30);

    /// <summary>The metric's name, as it was registered. Required.</summary>
    public string Metric { get; init; } = "";

    /// <summary>Only series with these labels; <c>*</c> stands for any text. Default: all series.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    /// <summary>What is computed. Default: <see cref="AlertFunction.Last"/>.</summary>
    public AlertFunction Function { get; init; } = AlertFunction.Last;

    /// <summary>Over which time it is computed. More than zero, at most a day. Default: 5 minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Which quantile, from 0 to 1. Default: 0.95.</summary>
    public double Quantile { get; init; } = 0.95;

    /// <summary>How it is compared. Default: <see cref="AlertComparison.GreaterThan"/>.</summary>
    public AlertComparison Comparison { get; init; } = AlertComparison.GreaterThan;

    /// <summary>What it is compared with. Default: 0.</summary>
    public double Threshold { get; init; }

    /// <summary>How long it must hold before the alert fires; at most 30 days. Default: zero, it fires at once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long the alert goes on firing after its condition ended; at most 30 days. Default: zero.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>How bad it is. Default: <see cref="AlertSeverity.Warning"/>.</summary>
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    /// <summary>Further labels of the alert. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What there is to say, such as <c>summary</c>, <c>description</c>, <c>runbook_url</c>. Placeholders: <c>{value}</c>, <c>{threshold}</c>, <c>{metric}</c>,
    /// <c>{name}</c>, <c>{severity}</c>, <c>{labels.path}</c>; <c>{{</c> and <c>}}</c> are braces. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether both say the same, their maps entry by entry.</summary>
    /// <param name="other">The other rule, or null.</param>
    public bool Equals(AlertRule? other) =>
        other is not null && (Metric, Function, Window, Quantile, Comparison, Threshold) == (other.Metric, other.Function, other.Window, other.Quantile, other.Comparison, other.Threshold)
        && (For, KeepFiringFor, Severity) == (other.For, other.KeepFiringFor, other.Severity)
        && AlertMaps.Same(Where, other.Where) && AlertMaps.Same(Labels, other.Labels) && AlertMaps.Same(Annotations, other.Annotations);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Metric, Function, Window, Comparison, Threshold, For, Severity);

    internal bool Holds(double value) => Comparison switch
    {
        AlertComparison.GreaterThan => value > Threshold,
        AlertComparison.GreaterOrEqual => value >= Threshold,
        AlertComparison.LessThan => value < Threshold,
        AlertComparison.LessOrEqual => value <= Threshold,
        AlertComparison.Equal => value == Threshold,
        _ => value != Threshold,
    };

    internal static AlertRule Read(SettingSection settings)
    {
        var rule = new AlertRule();
        settings.Bind("Metric", Parse.Text, value => rule = rule with { Metric = value });
        settings.BindMap("Where", Parse.Text, values => rule = rule with { Where = values });
        settings.Bind("Function", Parse.Name<AlertFunction>, value => rule = rule with { Function = value });
        settings.Bind("Window", Parse.Duration, value => rule = rule with { Window = value });
        settings.Bind("Quantile", Parse.Number, value => rule = rule with { Quantile = value });
        settings.Bind("Comparison", Parse.Name<AlertComparison>, value => rule = rule with { Comparison = value });
        settings.Bind("Threshold", Parse.Number, value => rule = rule with { Threshold = value });
        settings.Bind("For", Parse.Duration, value => rule = rule with { For = value });
        settings.Bind("KeepFiringFor", Parse.Duration, value => rule = rule with { KeepFiringFor = value });
        settings.Bind("Severity", Parse.Name<AlertSeverity>, value => rule = rule with { Severity = value });
        settings.BindMap("Labels", Parse.Text, values => rule = rule with { Labels = values });
        settings.BindMap("Annotations", Parse.Text, values => rule = rule with { Annotations = values });
        return rule;
    }

    /// <summary>What is wrong with it: the property, the problem, the remedy.</summary>
    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (string.IsNullOrWhiteSpace(Metric)) yield return (nameof(Metric), "it is not set", "Allowed: the name of a metric, such as http_requests_total");
        if (!Enum.IsDefined(Function)) yield return (nameof(Function), $"{Function} is not a function", "Allowed: " + string.Join(", ", Enum.GetNames<AlertFunction>()));
        if (!Enum.IsDefined(Comparison)) yield return (nameof(Comparison), $"{Comparison} is not a comparison", "Allowed: " + string.Join(", ", Enum.GetNames<AlertComparison>()));
        if (!Enum.IsDefined(Severity)) yield return (nameof(Severity), $"{Severity} is not a severity", "Allowed: " + string.Join(", ", Enum.GetNames<AlertSeverity>()));
        if (Window <= TimeSpan.Zero || Window > LongestWindow) yield return (nameof(Window), $"{Window} is out of range", "Allowed: more than 0s, at most 24h, such as 5m");
        if (Quantile is not (>= 0 and <= 1)) yield return (nameof(Quantile), FormattableString.Invariant($"{Quantile} is no quantile"), "Allowed: 0 to 1, such as 0.95");
        if (double.IsNaN(Threshold)) yield return (nameof(Threshold), "it is not a number", "Allowed: a number");
        if (For < TimeSpan.Zero || For > LongestDuration) yield return (nameof(For), $"{For} is out of range", "Allowed: 0s to 720h, such as 5m");
        if (KeepFiringFor < TimeSpan.Zero || KeepFiringFor > LongestDuration) yield return (nameof(KeepFiringFor), $"{KeepFiringFor} is out of range", "Allowed: 0s to 720h, such as 5m");
        foreach (var (name, text) in Annotations)
        {
            if (AlertText.WhatIsWrongWith(text) is { } problem) yield return ($"{nameof(Annotations)}:{name}", problem, "Allowed: {value}, {threshold}, {metric}, {name}, {severity}, {labels.<name>}; {{ and }} are braces");
        }
    }
}
