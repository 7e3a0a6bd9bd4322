using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Alerts.Evaluation;

/// <summary>One rule with the windows of its series and its alerts. Not thread-safe.</summary>
/// <param name="name">The rule's name.</param>
/// <param name="rule">The rule.</param>
/// <param name="common">Labels that all alerts have.</param>
internal sealed class RuleEvaluator(string name, AlertRule rule, IReadOnlyDictionary<string, string> common)
{
    /// <summary>The most series a rule looks at; those beyond are counted and left out.</summary>
    public const int MostSeries = 1000;

    private readonly Dictionary<string, AlertWindow> _windows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlertInstance> _instances = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly AlertSeriesReader _reader = new(rule);
    private DateTimeOffset? _evaluated;
    private DateTimeOffset _windowsAreFull;

    public string Name => name;

    public AlertRule Rule => rule;

    /// <summary>Alerts that are pending, firing, or resolved by the last evaluation.</summary>
    public IEnumerable<AlertInstance> Instances => _instances.Values;

    /// <summary>Takes over an alert of an earlier process, or of the rule before it was changed. It stays as it is until the metric is known again, a window at the longest.</summary>
    public void Restore(AlertInstance instance, DateTimeOffset now)
    {
        if (instance.State == AlertState.Resolved) return;
        instance.IsRestored = true;
        _windowsAreFull = now + rule.Window;
        _instances[instance.Fingerprint] = instance;
    }

    /// <summary>Looks at the metric once.</summary>
    /// <returns>Whether an alert came, went or changed its state.</returns>
    public bool Evaluate(IEnumerable<MetricFamilyReader> families, DateTimeOffset now)
    {
        var changed = false;
        foreach (var ended in _instances.Values.Where(instance => instance.State == AlertState.Resolved).ToArray()) changed |= _instances.Remove(ended.Fingerprint);
        Look(families, now);
        foreach (var instance in _instances.Values.ToArray())
        {
            var holds = _held.Contains(instance.Fingerprint);
            if (!holds && IsUnknown(instance, now)) continue;
            instance.IsRestored = false;
            var before = instance.State;
            if (!instance.Move(rule, holds, now)) changed |= _instances.Remove(instance.Fingerprint);
            changed |= before != instance.State || instance.IsNew;
            instance.IsNew = false;
        }

        _evaluated = now;
        return changed;
    }

    /// <summary>The next moment after this one at which an alert changes although nothing else does; null where none does.</summary>
    public DateTimeOffset? DueAfter(DateTimeOffset now)
    {
        DateTimeOffset? first = null;
        foreach (var instance in _instances.Values)
        {
            if (instance.DueWith(rule) is { } due && due > now && !(first <= due)) first = due;
        }

        return first;
    }

    private void Look(IEnumerable<MetricFamilyReader> families, DateTimeOffset now)
    {
        _seen.Clear();
        _held.Clear();
        _known.Clear();
        var left = 0;
        foreach (var (series, point) in _reader.Read(families, now))
        {
            var labels = AlertInstance.LabelsOf(name, rule, common, series);
            var fingerprint = AlertInstance.FingerprintOf(labels);
            if (!_seen.Add(fingerprint)) continue;
            if (Window(fingerprint) is not { } window)
            {
                left++;
                continue;
            }

            window.Add(point);
            var value = window.Compute();
            _instances.TryGetValue(fingerprint, out var instance);
            if (!double.IsNaN(value))
            {
                if (rule.Function == AlertFunction.Last && !point.IsDistribution) _known.Add(fingerprint);
                if (instance is not null) instance.Value = value;
            }

            if (double.IsNaN(value) || !rule.Holds(value)) continue;
            _held.Add(fingerprint);
            if (instance is null) _instances[fingerprint] = new AlertInstance(name, labels, fingerprint, now) { Value = value, IsNew = true };
        }

        if (left > 0) TellOfLimit(left);

        // A series that is missing once is not a new one when it comes back.
        foreach (var (gone, _) in _windows.Where(pair => now - pair.Value.LastAt > rule.Window).ToArray()) _windows.Remove(gone);
    }

    /// <summary>Of an earlier process's alert: what the metric is now cannot be told before its windows are full.</summary>
    private bool IsUnknown(AlertInstance instance, DateTimeOffset now) => instance.IsRestored && now < _windowsAreFull && !_known.Contains(instance.Fingerprint);

    private AlertWindow? Window(string fingerprint)
    {
        if (_windows.TryGetValue(fingerprint, out var window)) return window;
        if (_windows.Count >= MostSeries) return null;
        return _windows[fingerprint] = new AlertWindow(rule, _evaluated);
    }

    private void TellOfLimit(int left)
    {
        TelemetryLosses.Count("alerts", "alert_rules", "series_limit", left);
        TelemetryErrors.Report(
            Diagnostic.AlertSeriesLimit, "alert_rules", $"rule {name} meets {MostSeries + left} series of {rule.Metric} and looks at {MostSeries} of them", "Narrow it with Where, or write several rules", kind: name);
    }
}
