using System.Security.Cryptography;
using System.Text;
using OtelTelemetry.Alerts.Rules;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>The alert of one rule for one series, from the moment its condition holds to its end. Not thread-safe.</summary>
internal sealed class AlertInstance
{
    public AlertInstance(string rule, IReadOnlyDictionary<string, string> labels, string fingerprint, DateTimeOffset activeSince)
    {
        Rule = rule;
        Labels = labels;
        Fingerprint = fingerprint;
        ActiveSince = activeSince;
    }

    public string Rule { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public string Fingerprint { get; }

    public AlertState State { get; set; }

    public DateTimeOffset ActiveSince { get; }

    public DateTimeOffset? FiringSince { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>Since when its condition does not hold, while it goes on firing nevertheless.</summary>
    public DateTimeOffset? FalseSince { get; set; }

    public double Value { get; set; }

    /// <summary>Whether no evaluation has moved it yet.</summary>
    public bool IsNew { get; set; }

    /// <summary>Whether it was taken over and nothing is known of its metric since.</summary>
    public bool IsRestored { get; set; }

    /// <summary>When its next change is due as long as its condition stays as it is; null where none is.</summary>
    public DateTimeOffset? DueWith(AlertRule rule) => State switch
    {
        AlertState.Pending => ActiveSince + rule.For,
        AlertState.Firing when FalseSince is { } since => since + rule.KeepFiringFor,
        _ => null,
    };

    /// <summary>Moves it on.</summary>
    /// <returns>Whether it is still there: a pending one whose condition ended was never an alert.</returns>
    public bool Move(AlertRule rule, bool holds, DateTimeOffset now)
    {
        if (holds)
        {
            FalseSince = null;
            if (State != AlertState.Pending || now - ActiveSince < rule.For) return true;
            State = AlertState.Firing;
            FiringSince = now;
            return true;
        }

        if (State == AlertState.Pending) return false;
        FalseSince ??= now;
        if (now - FalseSince < rule.KeepFiringFor) return true;
        State = AlertState.Resolved;
        ResolvedAt = now;
        return true;
    }

    public Alert ToAlert(AlertRule rule) => new()
    {
        Name = Rule,
        Severity = rule.Severity,
        State = State,
        Labels = Labels,
        Annotations = rule.Annotations.ToDictionary(pair => pair.Key, pair => AlertText.Fill(pair.Value, Rule, rule, Value, Labels), StringComparer.Ordinal),
        Value = Value,
        ActiveSince = ActiveSince,
        FiringSince = FiringSince,
        ResolvedAt = ResolvedAt,
        Fingerprint = Fingerprint,
    };

    /// <summary>The labels an alert has: those of the rule beat those of the series, and those beat what all alerts have.</summary>
    public static SortedDictionary<string, string> LabelsOf(
        string rule, AlertRule definition, IEnumerable<KeyValuePair<string, string>> common, IEnumerable<KeyValuePair<string, string>> series)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in common) labels[name] = value;
        foreach (var (name, value) in series) labels[name] = value;
        foreach (var (name, value) in definition.Labels) labels[name] = value;
        labels["alertname"] = rule;
        labels["severity"] = definition.Severity.ToString().ToLowerInvariant();
        return labels;
    }

    /// <param name="labels">The labels, in the order of their names.</param>
    public static string FingerprintOf(SortedDictionary<string, string> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels) text.Append(name).Append('\0').Append(value).Append('\0');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
