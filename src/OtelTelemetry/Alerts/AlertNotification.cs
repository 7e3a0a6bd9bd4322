namespace OtelTelemetry.Alerts;

/// <summary>What a handler is told: the alerts of one group. Immutable.</summary>
public sealed record AlertNotification
{
    /// <summary>The handler's name in the configuration.</summary>
    public required string Handler { get; init; }

    /// <summary>The moment.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the alerts of the group have in common by definition: the labels of <see cref="TelemetryAlertsOptions.GroupBy"/> with their values.</summary>
    public required IReadOnlyDictionary<string, string> GroupLabels { get; init; }

    /// <summary>All alerts of the group that fire, and those that were told as firing and are resolved; the worst first.</summary>
    public required IReadOnlyList<Alert> Alerts { get; init; }

    /// <summary>Whether at least one alert fires.</summary>
    public bool IsFiring => Alerts.Any(alert => alert.State == AlertState.Firing);

    /// <summary>Tells groups apart: <c>{}:{alertname="HighErrors"}</c>.</summary>
    public string GroupKey => "{}:{" + string.Join(", ", GroupLabels.Select(pair => $"{pair.Key}=\"{pair.Value}\"")) + "}";

    /// <summary>The labels that all its alerts have.</summary>
    public IReadOnlyDictionary<string, string> CommonLabels => Common(alert => alert.Labels);

    /// <summary>The annotations that all its alerts have.</summary>
    public IReadOnlyDictionary<string, string> CommonAnnotations => Common(alert => alert.Annotations);

    private SortedDictionary<string, string> Common(Func<Alert, IReadOnlyDictionary<string, string>> of)
    {
        var common = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Alerts.Count == 0) return common;
        foreach (var (name, value) in of(Alerts[0]))
        {
            if (Alerts.All(alert => of(alert).TryGetValue(name, out var other) && other == value)) common[name] = value;
        }

        return common;
    }
}
