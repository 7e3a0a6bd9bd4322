using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>One rule with the windows of its series and its alerts. Not thread-safe.</summary>
internal sealed class RuleEvaluator(string name, AlertRule rule)
{
    /// <summary>The most series a rule looks at; those beyond are counted and left out.</summary>
    public const int MostSeries = 1000;

    private readonly Dictionary<string, AlertWindow> _windows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlertInstance> _instances = new(StringComparer.Ordinal);
    private readonly AlertSeriesReader _reader = new(rule);

    public string Name => name;

    public AlertRule Rule => rule;

    /// <summary>Alerts that are pending, firing, or resolved by the last evaluation.</summary>
    public IEnumerable<AlertInstance> Instances => _instances.Values;

    /// <summary>When something may change although no value does; null where nothing may.</summary>
    public DateTimeOffset? Due => _instances.Values.Min(instance => instance.DueWith(rule));

    /// <summary>Takes over an alert of an earlier process, or of the rule before it was changed.</summary>
    public void Restore(AlertInstance instance) => _instances[instance.Fingerprint] = instance;

    /// <summary>Looks at the metric once.</summary>
    public void Evaluate(MetricCollection collection, DateTimeOffset now)
    {
        foreach (var ended in _instances.Values.Where(instance => instance.State == AlertState.Resolved).ToArray()) _instances.Remove(ended.Fingerprint);
        var held = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (series, point) in Read(collection, now))
        {
            var labels = AlertInstance.LabelsOf(name, rule, series);
            var fingerprint = AlertInstance.FingerprintOf(labels);
            if (!seen.Add(fingerprint)) continue;
            if (Window(fingerprint) is not { } window) continue;
            window.Add(point, rule.Window);
            var value = window.Compute(rule);
            if (double.IsNaN(value) || !rule.Holds(value))
            {
                if (_instances.TryGetValue(fingerprint, out var ending) && !double.IsNaN(value)) ending.Value = value;
                continue;
            }

            held.Add(fingerprint);
            if (!_instances.TryGetValue(fingerprint, out var instance)) _instances[fingerprint] = instance = new AlertInstance(name, labels, fingerprint, now);
            instance.Value = value;
        }

        // A series that is gone holds no condition.
        foreach (var gone in _windows.Keys.Where(key => !seen.Contains(key)).ToArray()) _windows.Remove(gone);
        foreach (var instance in _instances.Values.ToArray())
        {
            if (!instance.Move(rule, held.Contains(instance.Fingerprint), now)) _instances.Remove(instance.Fingerprint);
        }
    }

    private AlertWindow? Window(string fingerprint)
    {
        if (_windows.TryGetValue(fingerprint, out var window)) return window;
        if (_windows.Count >= MostSeries)
        {
            TelemetryLosses.Count("alerts", "alert_rules", "series_limit");
            return null;
        }

        return _windows[fingerprint] = new AlertWindow();
    }

    private List<(KeyValuePair<string, string>[] Labels, AlertPoint Point)> Read(MetricCollection collection, DateTimeOffset now)
    {
        _reader.Found.Clear();
        _reader.Now = now;
        foreach (var family in collection.Families)
        {
            if (family.Descriptor.Name != rule.Metric) continue;
            for (var position = 0; position != MetricFamilyReader.Done;) position = family.Read(position, _reader);
        }

        return _reader.Found;
    }
}
