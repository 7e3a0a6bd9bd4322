namespace OtelTelemetry.Alerts.Muting;

/// <summary>Knows which alerts others keep quiet. Immutable.</summary>
internal sealed class AlertInhibitor(AlertInhibition inhibition)
{
    private readonly LabelPatterns _source = new(inhibition.Source);
    private readonly LabelPatterns _target = new(inhibition.Target);
    private readonly IReadOnlyList<string> _equal = inhibition.Equal;

    /// <summary>Adds those of some firing alerts that are to be quiet.</summary>
    public void AddMuted(IReadOnlyCollection<Alert> firing, HashSet<string> muted)
    {
        var highest = new Dictionary<string, AlertSeverity>(StringComparer.Ordinal);
        foreach (var alert in firing)
        {
            if (!_source.Match(alert.Labels)) continue;
            var key = KeyOf(alert);
            if (!highest.TryGetValue(key, out var severity) || alert.Severity > severity) highest[key] = alert.Severity;
        }

        foreach (var alert in firing)
        {
            if (_target.Match(alert.Labels) && highest.TryGetValue(KeyOf(alert), out var severity) && severity > alert.Severity) muted.Add(alert.Fingerprint);
        }
    }

    private string KeyOf(Alert alert) => string.Join('\0', _equal.Select(name => alert.Labels.GetValueOrDefault(name, "")));
}
