using OpenTelemetry;
using OtelTelemetry.Alerts.Evaluation;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Muting;
using OtelTelemetry.Alerts.Notification;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Alerts.State;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Alerts;

/// <summary>
/// The alerts of the application: evaluates the rules (<c>Telemetry:Alerts</c>), shows what is pending and firing, and tells handlers. <see cref="TelemetryManager.Alerts"/> is the
/// application's. Thread-safe. Never throws for a rule or handler that fails.
/// </summary>
public sealed class AlertEngine : IDisposable
{
    private const string Component = "alerts";

    /// <summary>Of an alert that was pending when the process ended longer ago, nobody knows whether its condition held all the while.</summary>
    private static readonly TimeSpan s_longestGap = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_saveAtLeast = TimeSpan.FromMinutes(1);

    private readonly Func<MetricCollection> _collect;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly bool _isOn;
    private readonly IReadOnlyDictionary<string, string> _labels;
    private readonly AlertTiming _timing;
    private readonly ITimer _timer;
    private readonly Lock _ticks = new();
    private readonly Lock _saving = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RuleEvaluator> _rules = new(StringComparer.OrdinalIgnoreCase);
    private readonly AlertSilences _silences = new();
    private readonly List<AlertRoute> _routes = [];
    private AlertInhibitor[] _inhibitors = [];
    private IAlertStateStore? _store;
    private DateTimeOffset _nextEvaluation;
    private DateTimeOffset _saved;
    private bool _isRunning, _isStopped, _hasChanged;

    internal AlertEngine(TelemetryAlertsOptions options, Func<MetricCollection> collect, TimeProvider time, bool isOn = true)
    {
        _collect = collect;
        _time = time;
        _interval = options.Interval;
        _isOn = isOn && options.Enabled;
        _labels = new SortedDictionary<string, string>(options.Labels, StringComparer.Ordinal);
        _timing = new AlertTiming([.. options.GroupBy], options.GroupWait, options.GroupInterval, options.RepeatInterval);
        _timer = time.CreateTimer(static engine => ((AlertEngine)engine!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Change(options);
    }

    /// <summary>The alerts that are pending or firing now, muted ones too.</summary>
    public IReadOnlyList<Alert> Current
    {
        get
        {
            lock (_gate)
            {
                return [.. _rules.Values.SelectMany(rule => rule.Instances.Where(instance => instance.State != AlertState.Resolved).Select(instance => instance.ToAlert(rule.Rule)))
                    .OrderByDescending(alert => alert.State).ThenByDescending(alert => alert.Severity).ThenBy(alert => alert.ActiveSince).ThenBy(alert => alert.Fingerprint, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>The silences in force, by name.</summary>
    public IReadOnlyDictionary<string, AlertSilence> Silences
    {
        get
        {
            lock (_gate) return _silences.At(_time.GetUtcNow()).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>Keeps alerts quiet from now on. It replaces the silence of the same name.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="silence">Which alerts, and until when.</param>
    /// <exception cref="ArgumentException">It has no matchers, or has ended already.</exception>
    public void AddSilence(string name, AlertSilence silence)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(silence);
        if (silence.Check().FirstOrDefault() is { Property: not null } wrong) throw new ArgumentException($"{wrong.Property}: {wrong.Problem}. {wrong.Remedy}.", nameof(silence));
        if (silence.Until <= _time.GetUtcNow()) throw new ArgumentException("The silence has ended before it begins. Give a moment to come.", nameof(silence));
        lock (_gate) _silences.Set(name, silence);
        SilencesChanged();
    }

    /// <summary>Ends a silence before its time. One of the configuration is back when that is loaded again.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>Whether there was one.</returns>
    public bool RemoveSilence(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool was;
        lock (_gate) was = _silences.Remove(name);
        if (was) SilencesChanged();
        return was;
    }

    /// <summary>Ends the evaluation at once; the manager ends it in good order before.</summary>
    public void Dispose()
    {
        lock (_gate) _isStopped = true;
        _timer.Dispose();
    }

    /// <summary>The moment of the next evaluation or notification; null while nothing runs.</summary>
    internal DateTimeOffset? Due { get; private set; }

    /// <summary>Takes rules, silences and inhibitions over. An alert of a rule that stays as it is keeps its state; so does one of a rule that changed, until the metric says otherwise.</summary>
    internal void Change(TelemetryAlertsOptions options)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var gone in _rules.Keys.Where(name => !options.Rules.ContainsKey(name)).ToArray())
            {
                _rules.Remove(gone);
                Show(gone, 0, 0);
            }

            foreach (var (name, rule) in options.Rules)
            {
                if (_rules.TryGetValue(name, out var before) && before.Rule.Equals(rule) && before.Name == name) continue;
                _rules[name] = new RuleEvaluator(name, rule with { }, _labels);
                foreach (var instance in before?.Instances ?? []) _rules[name].Restore(instance, now);
            }

            _silences.Configure(options.Silences);
            _inhibitors = [.. options.Inhibitions.Select(inhibition => new AlertInhibitor(inhibition))];
            _hasChanged = true;
        }

        Arm();
    }

    /// <summary>Makes what tells a handler.</summary>
    internal AlertRoute RouteTo(string name, AlertHandlerOptions options, AlertHandler handler) => new(name, options, handler, _timing, _time, Ended);

    /// <summary>Begins, with what an earlier process knew.</summary>
    internal void Start(IEnumerable<AlertRoute> routes, IAlertStateStore? store)
    {
        if (!_isOn) return;
        var memory = Load(store);
        lock (_gate)
        {
            if (_isRunning || _isStopped) return;
            _isRunning = true;
            _store = store;
            _routes.AddRange(routes);
            var now = _time.GetUtcNow();
            _nextEvaluation = now + _interval;
            if (memory is not null) Restore(memory, now);
        }

        Arm();
    }

    /// <summary>Ends in good order: what is on its way is told, as long as there is time, and what is known is saved.</summary>
    internal async Task StopAsync(TimeSpan budget)
    {
        AlertRoute[] routes;
        lock (_gate)
        {
            if (_isStopped) return;
            _isStopped = true;
            routes = [.. _routes];
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(routes.Select(route => route.CloseAsync(budget))).ConfigureAwait(false);
        Save(always: true);
    }

    /// <summary>Ends when no handler has anything to tell for the moment.</summary>
    internal async Task SettledAsync()
    {
        AlertRoute[] routes;
        lock (_gate) routes = [.. _routes];
        foreach (var route in routes) await route.Sending.ConfigureAwait(false);
    }

    private void Tick()
    {
        // Whoever is evaluating sets the timer again.
        if (!_ticks.TryEnter()) return;
        try
        {
            using var suppressed = SuppressInstrumentationScope.Begin();
            lock (_gate)
            {
                if (!_isRunning || _isStopped) return;
            }

            var now = _time.GetUtcNow();
            using (var collection = _collect())
            {
                lock (_gate)
                {
                    Evaluate(collection, now);
                    Notify(now);
                    while (_nextEvaluation <= now) _nextEvaluation += _interval;
                }
            }

            Save(always: false);
        }
        catch (Exception exception)
        {
            TelemetryErrors.Report(Diagnostic.AlertsFailed, Component, "alerts could not be evaluated", "See the cause; it is tried again", exception);
            lock (_gate) _nextEvaluation = _time.GetUtcNow() + _interval;
        }
        finally
        {
            _ticks.Exit();
            Arm();
        }
    }

    private void Evaluate(MetricCollection collection, DateTimeOffset now)
    {
        foreach (var rule in _rules.Values)
        {
            try
            {
                _hasChanged |= rule.Evaluate(collection.Families, now);
                SelfMetrics.AlertRuleRuns.Inc(rule.Name, "ok");
            }
            catch (Exception exception)
            {
                SelfMetrics.AlertRuleRuns.Inc(rule.Name, "error");
                TelemetryErrors.Report(
                    Diagnostic.AlertRuleFailed, Component, $"rule {rule.Name} could not be evaluated, and its alerts stay as they are", "See the cause: a callback of the metric threw", exception, kind: rule.Name);
            }

            Show(rule);
        }
    }

    private static void Show(RuleEvaluator rule)
    {
        var (pending, firing) = (0, 0);
        foreach (var instance in rule.Instances)
        {
            if (instance.State == AlertState.Pending) pending++;
            else if (instance.State == AlertState.Firing) firing++;
        }

        Show(rule.Name, pending, firing);
    }

    private static void Show(string rule, int pending, int firing)
    {
        SelfMetrics.Alerts.Set(pending, rule, "pending");
        SelfMetrics.Alerts.Set(firing, rule, "firing");
    }

    private void Notify(DateTimeOffset now)
    {
        var firing = new Dictionary<string, Alert>(StringComparer.Ordinal);
        var resolved = new Dictionary<string, Alert>(StringComparer.Ordinal);
        foreach (var rule in _rules.Values)
        {
            foreach (var instance in rule.Instances)
            {
                if (instance.State == AlertState.Firing) firing[instance.Fingerprint] = instance.ToAlert(rule.Rule);
                else if (instance.State == AlertState.Resolved) resolved[instance.Fingerprint] = instance.ToAlert(rule.Rule);
            }
        }

        _hasChanged |= _silences.ForgetEnded(now);
        var muted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var alert in firing.Values)
        {
            if (_silences.Mutes(alert, now)) muted.Add(alert.Fingerprint);
        }

        foreach (var inhibitor in _inhibitors) inhibitor.AddMuted(firing.Values, muted);
        foreach (var route in _routes) _hasChanged |= route.Update(firing, muted, resolved, now);
    }

    /// <summary>A handler was told, or not.</summary>
    private void Ended(AlertGroup group, AlertNotification notification, bool wasTold)
    {
        lock (_gate)
        {
            if (wasTold) group.Succeeded(notification);
            else group.Failed(notification);
            _hasChanged = true;
        }

        Save(always: false);
        Arm();
    }

    private void SilencesChanged()
    {
        lock (_gate) _hasChanged = true;
        Save(always: false);
        Arm();
    }

    /// <summary>Sets the timer to the next moment at which something may happen.</summary>
    private void Arm()
    {
        lock (_gate)
        {
            if (!_isRunning || _isStopped) return;
            if (_rules.Count == 0 && _routes.TrueForAll(route => route.Groups.Count == 0))
            {
                // Nothing to look at, and so nothing of the application's metrics is read for it, until there is a rule.
                Due = null;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var now = _time.GetUtcNow();
            var due = _nextEvaluation;
            foreach (var rule in _rules.Values) due = Earlier(due, rule.DueAfter(now));
            foreach (var route in _routes) due = Earlier(due, route.DueAfter(now));
            due = Earlier(due, _silences.DueAfter(now));
            Due = due;
            // Up to a whole millisecond: a timer that is early finds nothing to do.
            var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, (due - now).TotalMilliseconds)));
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }

        static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
    }

    private void Restore(AlertMemory memory, DateTimeOffset now)
    {
        foreach (var instance in memory.Instances)
        {
            if (instance.State == AlertState.Pending && now - memory.Saved > s_longestGap) continue;
            if (_rules.TryGetValue(instance.Rule, out var rule)) rule.Restore(instance, now);
        }

        foreach (var (name, silence) in memory.Silences)
        {
            if (!(silence.Until <= now)) _silences.Set(name, silence);
        }

        foreach (var saved in memory.Groups)
        {
            if (_routes.Find(route => route.Name == saved.Handler) is not { } route) continue;
            var group = new AlertGroup(saved.Labels) { WaitingSince = saved.WaitingSince, LastSent = saved.LastSent };
            foreach (var alert in saved.Sent) group.Sent[alert.Fingerprint] = alert;
            foreach (var alert in saved.Ended) group.Ended[alert.Fingerprint] = alert;
            route.Groups[AlertRoute.KeyOf(saved.Labels)] = group;
        }
    }

    private static AlertMemory? Load(IAlertStateStore? store)
    {
        try
        {
            return store?.Load() is { } state ? AlertMemoryCodec.Read(state) : null;
        }
        catch (AlertStateException exception)
        {
            TelemetryErrors.Report(Diagnostic.AlertStateNotRead, Component, $"what alerts knew before the start cannot be read: {exception.Message}", "Alerts that still fire are told again", exception);
            return null;
        }
    }

    /// <summary>Saves what changed; and now and then while there are alerts, so that the next process knows when this one ended.</summary>
    private void Save(bool always)
    {
        lock (_saving)
        {
            byte[] state;
            lock (_gate)
            {
                if (_store is null) return;
                var now = _time.GetUtcNow();
                var isTime = now - _saved >= s_saveAtLeast && _rules.Values.Any(rule => rule.Instances.Any());
                if (!_hasChanged && !isTime && !always) return;
                _hasChanged = false;
                _saved = now;
                state = AlertMemoryCodec.Write(Memory(now));
            }

            try
            {
                _store.Save(state);
            }
            catch (AlertStateException exception)
            {
                lock (_gate) _hasChanged = true;
                TelemetryErrors.Report(
                    Diagnostic.AlertStateNotSaved, Component, $"what alerts know cannot be saved: {exception.Message}", "It is tried again; after a restart before that, alerts may be told again or be forgotten", exception);
            }
        }
    }

    private AlertMemory Memory(DateTimeOffset now) => new()
    {
        Saved = now,
        Instances = [.. _rules.Values.SelectMany(rule => rule.Instances).Where(instance => instance.State != AlertState.Resolved)],
        Groups = [.. _routes.SelectMany(route => route.Groups.Values.Select(group =>
            new AlertMemory.GroupMemory(route.Name, group.Labels, group.WaitingSince, group.LastSent, [.. group.Sent.Values], [.. group.Ended.Values])))],
        Silences = _silences.Own.ToDictionary(pair => pair.Key, pair => pair.Value),
    };
}
