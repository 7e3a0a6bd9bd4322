namespace OtelTelemetry.Alerts.Muting;

/// <summary>The silences in force, by name: those of the configuration and those set while the application runs, which win. Not thread-safe.</summary>
internal sealed class AlertSilences
{
    private readonly Dictionary<string, Entry> _set = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, Entry> _configured = new(StringComparer.OrdinalIgnoreCase);

    public void Configure(IEnumerable<KeyValuePair<string, AlertSilence>> silences) =>
        _configured = silences.ToDictionary(pair => pair.Key, pair => new Entry(pair.Value, new LabelPatterns(pair.Value.Matchers)), StringComparer.OrdinalIgnoreCase);

    public void Set(string name, AlertSilence silence) => _set[name] = new Entry(silence, new LabelPatterns(silence.Matchers));

    public bool Remove(string name) => _set.Remove(name) | _configured.Remove(name);

    /// <summary>Those that were set while the application runs.</summary>
    public IEnumerable<KeyValuePair<string, AlertSilence>> Own => _set.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Silence));

    public IEnumerable<KeyValuePair<string, AlertSilence>> At(DateTimeOffset now) => Entries(now).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Silence));

    public bool Mutes(Alert alert, DateTimeOffset now)
    {
        foreach (var (_, entry) in Entries(now))
        {
            if (entry.Patterns.Match(alert.Labels)) return true;
        }

        return false;
    }

    /// <summary>When the next one ends; null when none does.</summary>
    public DateTimeOffset? DueAfter(DateTimeOffset now) => Entries(now).Min(pair => pair.Value.Silence.Until);

    /// <returns>Whether some that were set have ended.</returns>
    public bool ForgetEnded(DateTimeOffset now)
    {
        var ended = _set.Where(pair => pair.Value.Silence.Until <= now).Select(pair => pair.Key).ToArray();
        foreach (var name in ended) _set.Remove(name);
        return ended.Length > 0;
    }

    private IEnumerable<KeyValuePair<string, Entry>> Entries(DateTimeOffset now) =>
        _set.Concat(_configured.Where(pair => !_set.ContainsKey(pair.Key))).Where(pair => !(pair.Value.Silence.Until <= now));

    private sealed record Entry(AlertSilence Silence, LabelPatterns Patterns);
}
