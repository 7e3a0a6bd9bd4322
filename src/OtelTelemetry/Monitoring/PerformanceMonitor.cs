using System.Collections.Concurrent;
using OtelTelemetry.Collectors;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring.SystemMetrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Monitoring;

/// <summary>
/// Runs collectors, each on its own interval, that measure something and record it: the length of a queue, the size of a table, the load
/// of the machine. What they record are metrics of a <see cref="MetricsCollector"/> like any other, so every exporter shows them; the last
/// values of each can be read back. A collector that fails, hangs or is slow is counted and reported, and harms no other. Thread-safe.
/// </summary>
/// <remarks>Registering throws where a definition is wrong; recording, running and stopping never throw.</remarks>
/// <example><code>
/// await using var monitor = new PerformanceMonitor(metrics);
/// monitor.RegisterMetric("queue_length", MetricKind.Gauge, async token => (double)await queue.CountAsync(token));
/// monitor.Start();
/// </code></example>
public sealed class PerformanceMonitor : IAsyncDisposable, IDisposable
{
    /// <summary>The most collectors a monitor has, and the most metrics whose values it keeps; of further ones no history is kept.</summary>
    public const int MostNames = 1000;

    private readonly MetricsCollector _metrics;
    private readonly MonitoringOptions _options;
    private readonly TimeProvider _time;
    private readonly MonitorJitter _jitter;
    private readonly ConcurrentDictionary<string, MonitorHistory> _histories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Declared> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MonitorSchedule> _schedules = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly MetricsCollector? _systemMetrics;
    private bool _started;
    private bool _disposed;

    /// <summary>Makes a monitor. It runs nothing before <see cref="Start"/>.</summary>
    /// <param name="metrics">Where the metrics are made and recorded.</param>
    /// <param name="options">The settings, copied; null for the defaults. What is on in <see cref="MonitoringOptions.System"/> is collected as well.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="random">Chooses the jitter; null for the shared one.</param>
    /// <exception cref="ArgumentException">Settings are wrong; all of them are listed.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name of one of the settings.</exception>
    public PerformanceMonitor(MetricsCollector metrics, MonitoringOptions? options = null, TimeProvider? timeProvider = null, Random? random = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        _metrics = metrics;
        _options = options?.Copy() ?? new MonitoringOptions();
        _time = timeProvider ?? TimeProvider.System;
        _jitter = new MonitorJitter(random ?? Random.Shared);
        string[] problems = [.. _options.Check().Select(error => $"{nameof(MonitoringOptions)}.{error.Property.Replace(':', '.')}: {error.Problem}. {error.Remedy}.")];
        if (problems.Length > 0) throw new ArgumentException(string.Join('\n', problems), nameof(options));
        foreach (var (name, metric) in _options.Metrics)
        {
            if (metric.Type is { } type) Declare(name, type, metric);
        }

        if (_options.System.Enabled) _systemMetrics = AddSystemCollectors();
    }

    /// <summary>A metric with its type, which is made when its labels are known.</summary>
    private sealed class Declared(MetricKind type, MonitoredMetricOptions options)
    {
        private readonly Lock _gate = new();
        private bool _made;

        public MetricKind Type => type;

        public bool IsMade => Volatile.Read(ref _made);

        /// <summary>Makes the metric in its collector, unless it is there.</summary>
        /// <exception cref="ArgumentException">The definition is wrong.</exception>
        /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
        public void Make(MetricsCollector metrics, string name, IReadOnlyList<string>? labels)
        {
            lock (_gate)
            {
                if (_made) return;
                if (metrics.GetMetric(name) is { } there)
                {
                    if (there.Kind != type) throw new DuplicateMetricException(name, there.ToString(), type.ToString());
                }
                else if (labels is not null)
                {
                    Create(metrics, options.Define(name, type, labels));
                }
                else
                {
                    return;
                }

                Volatile.Write(ref _made, true);
            }
        }
    }

    /// <summary>How the collectors fare, by name.</summary>
    public IReadOnlyList<MonitorStatus> Collectors
    {
        get
        {
            lock (_gate) return [.. _schedules.Values.Select(schedule => schedule.Status).OrderBy(status => status.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Registers a metric and the collector that records it, with <see cref="Record(string, double, ReadOnlySpan{ValueTuple{string, string}})"/>
    /// or in any other way. Where the settings say more of the metric (<see cref="MonitoringOptions.Metrics"/>), that is taken.</summary>
    /// <param name="name">The metric's name, without the namespace, which is the collector's name too.</param>
    /// <param name="type">Counter, gauge, histogram or summary. Its labels are those of the settings, or of the first value recorded.</param>
    /// <param name="collector">Measures and records. Its token is cancelled when its time is over and when the monitor stops.</param>
    /// <param name="interval">How often; null for that of the settings.</param>
    /// <exception cref="ArgumentException">Something is wrong with it, or the monitor has a collector of this name.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public void RegisterMetric(string name, MetricKind type, Func<CancellationToken, Task> collector, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(collector);
        if (!MonitoredMetricOptions.IsType(type)) throw new ArgumentException($"{type} is not a type of metric that is recorded; it must be Counter, Gauge, Histogram or Summary.", nameof(type));
        MetricNames.CheckMetricName(name);
        var schedule = CreateSchedule(name, collector, new MonitorCollectorOptions { Interval = interval });
        Declare(name, type, _options.Metrics.TryGetValue(name, out var options) ? options : new MonitoredMetricOptions());
        Add(schedule);
    }

    /// <summary>Registers a metric without labels and the function that measures its value, which is recorded.</summary>
    /// <param name="name">The metric's name, without the namespace, which is the collector's name too.</param>
    /// <param name="type">Counter (the value is added), gauge (it is set), histogram or summary (it is observed).</param>
    /// <param name="measure">Measures. Its token is cancelled when its time is over and when the monitor stops.</param>
    /// <param name="interval">How often; null for that of the settings.</param>
    /// <exception cref="ArgumentException">Something is wrong with it, or the monitor has a collector of this name.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public void RegisterMetric(string name, MetricKind type, Func<CancellationToken, Task<double>> measure, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(measure);
        RegisterMetric(name, type, (Func<CancellationToken, Task>)(async token => Record(name, await measure(token).ConfigureAwait(false), MetricTags.Empty)), interval);
    }

    /// <summary>Registers a metric with all its definition, and the collector that records it.</summary>
    /// <param name="metric">The definition.</param>
    /// <param name="collector">Measures and records. Its token is cancelled when its time is over and when the monitor stops.</param>
    /// <param name="interval">How often; null for that of the settings.</param>
    /// <exception cref="ArgumentException">Something is wrong with it, or the monitor has a collector of this name.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public void RegisterMetric(MetricOptions metric, Func<CancellationToken, Task> collector, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(collector);
        var schedule = CreateSchedule(metric.Name, collector, new MonitorCollectorOptions { Interval = interval });
        Create(_metrics, metric);
        Add(schedule);
    }

    /// <summary>Registers a collector that records whatever it wants.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="collector">Measures and records. Its token is cancelled when its time is over and when the monitor stops.</param>
    /// <param name="interval">How often; null for that of the settings.</param>
    /// <exception cref="ArgumentException">Something is wrong with it, or the monitor has a collector of this name.</exception>
    public void RegisterCollector(string name, Func<CancellationToken, Task> collector, TimeSpan? interval = null) =>
        RegisterCollector(name, collector, new MonitorCollectorOptions { Interval = interval });

    /// <summary>Registers a collector that records whatever it wants.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="collector">Measures and records. Its token is cancelled when its time is over and when the monitor stops.</param>
    /// <param name="options">What it does otherwise than the monitor's settings say.</param>
    /// <exception cref="ArgumentException">Something is wrong with it, or the monitor has a collector of this name.</exception>
    public void RegisterCollector(string name, Func<CancellationToken, Task> collector, MonitorCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(collector);
        ArgumentNullException.ThrowIfNull(options);
        Add(CreateSchedule(name, collector, options));
    }

    /// <summary>Records a value: a counter adds it, a gauge is set to it, a histogram and a summary observe it. A metric that was not
    /// registered is made by the rule of the collector of metrics (<see cref="MetricsCollectorOptions.Unregistered"/>). What cannot be
    /// recorded is counted. Never throws.</summary>
    /// <param name="metric">The metric's name, without the namespace.</param>
    /// <param name="value">The value.</param>
    /// <param name="labels">Names and values of labels, in any order.</param>
    public void Record(string metric, double value, params ReadOnlySpan<(string Name, string Value)> labels) => Record(metric, value, MetricTags.Of(labels));

    /// <summary>Records a value like the other overload. Never throws.</summary>
    /// <param name="metric">The metric's name, without the namespace.</param>
    /// <param name="value">The value.</param>
    /// <param name="labels">The labels; null for none.</param>
    public void Record(string metric, double value, MetricTags? labels)
    {
        labels ??= MetricTags.Empty;
        if (metric is not null && _declared.TryGetValue(metric, out var declared) && !declared.IsMade && !TryMake(declared, metric, labels)) return;
        if (_metrics.Take(new Metric(metric!, value, labels)) is null) HistoryOf(metric!)?.Add(value, labels);
    }

    /// <summary>The last values of a metric, the oldest first; empty when there are none. A copy.</summary>
    /// <param name="metric">The name under which they were recorded.</param>
    public IReadOnlyList<MonitorPoint> GetHistory(string metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return _histories.TryGetValue(metric, out var history) ? history.Read() : [];
    }

    /// <summary>The last values of one series of a metric, the oldest first; empty when there are none. A copy.</summary>
    /// <param name="metric">The name under which they were recorded.</param>
    /// <param name="labels">All labels of the series.</param>
    public IReadOnlyList<MonitorPoint> GetHistory(string metric, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var wanted = MetricTags.Of(labels);
        return [.. GetHistory(metric).Where(point => point.Labels.Equals(wanted))];
    }

    /// <summary>Begins to run the collectors: each at once, or after a part of its jitter, and then on its interval. Those registered
    /// later begin when they are registered. Does nothing while it runs, or after the end.</summary>
    public void Start()
    {
        MonitorSchedule[] schedules;
        lock (_gate)
        {
            if (_started || _disposed) return;
            _started = true;
            schedules = [.. _schedules.Values];
        }

        var now = _time.GetTimestamp();
        foreach (var schedule in schedules) schedule.Start(now);
    }

    /// <summary>Stops running the collectors. Runs under way are told to end, and given up. It can begin again. Never throws.</summary>
    public async Task StopAsync()
    {
        MonitorSchedule[] schedules;
        lock (_gate)
        {
            _started = false;
            schedules = [.. _schedules.Values];
        }

        await Task.WhenAll(schedules.Select(schedule => schedule.StopAsync())).ConfigureAwait(false);
    }

    /// <summary>Runs every collector now, all at once, started or not, and waits for them; one that runs already is waited for. Never throws.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether all runs ended well.</returns>
    public Task<bool> CollectAsync(CancellationToken cancellationToken = default)
    {
        MonitorSchedule[] schedules;
        lock (_gate) schedules = _disposed ? [] : [.. _schedules.Values];
        return Ended(schedules, cancellationToken);
    }

    /// <summary>Runs one collector now, as the other overload does.</summary>
    /// <param name="collector">Its name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether the run ended well; false where there is no collector of this name.</returns>
    public Task<bool> CollectAsync(string collector, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(collector);
        MonitorSchedule? schedule = null;
        lock (_gate)
        {
            if (!_disposed) _schedules.TryGetValue(collector, out schedule);
        }

        return schedule is null ? Task.FromResult(false) : Ended([schedule], cancellationToken);
    }

    /// <summary>Stops for good. The metrics stay, except those of the system, which end with the monitor.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate) _disposed = true;
        await StopAsync().ConfigureAwait(false);
        if (_systemMetrics is not null) await _systemMetrics.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting for it.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The values kept of a metric; null where there are too many metrics.</summary>
    internal MonitorHistory? HistoryOf(string metric)
    {
        if (_histories.TryGetValue(metric, out var history)) return history;
        if (_histories.Count >= MostNames) return null;
        return _histories.GetOrAdd(metric, static (_, monitor) => new MonitorHistory(monitor._options.HistorySize, monitor._time), this);
    }

    /// <summary>The last run of a collector.</summary>
    internal Task<bool> RunningOf(string collector)
    {
        lock (_gate) return _schedules[collector].Running;
    }

    private static MetricInstrument Create(MetricsCollector metrics, MetricOptions definition) => definition switch
    {
        CounterOptions counter => metrics.CreateCounter(counter),
        GaugeOptions gauge => metrics.CreateGauge(gauge),
        HistogramOptions histogram => metrics.CreateHistogram(histogram),
        SummaryOptions summary => metrics.CreateSummary(summary),
        _ => throw new ArgumentException($"{definition.GetType().Name} is not a kind of metric."),
    };

    private static async Task<bool> Ended(MonitorSchedule[] schedules, CancellationToken cancellationToken)
    {
        try
        {
            var ended = await Task.WhenAll(schedules.Select(schedule => schedule.RunNow())).WaitAsync(cancellationToken).ConfigureAwait(false);
            return Array.TrueForAll(ended, well => well);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Declare(string name, MetricKind type, MonitoredMetricOptions options)
    {
        var declared = _declared.AddOrUpdate(name, static (_, made) => made, static (_, there, made) => there.Type == made.Type ? there : made, new Declared(type, options));
        declared.Make(_metrics, name, options.Labels);
    }

    private bool TryMake(Declared declared, string name, MetricTags labels)
    {
        try
        {
            declared.Make(_metrics, name, [.. labels.Select(label => label.Key)]);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or DuplicateMetricException)
        {
            TelemetryLosses.Count("metrics", "monitor", CollectorDropReasons.InvalidName);
            TelemetryErrors.Report(Diagnostic.MonitoredMetricMissing, "monitor", $"metric '{name}' cannot be made, and its values are lost", "Rename the metric or its labels; see the cause", exception, name);
            return false;
        }
    }

    private MonitorSchedule CreateSchedule(string name, Func<CancellationToken, Task> collector, MonitorCollectorOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new MonitorSchedule(name, collector, options.Over(name, _options), _time, _jitter);
    }

    private void Add(MonitorSchedule schedule)
    {
        lock (_gate)
        {
            if (_schedules.Count >= MostNames) throw new ArgumentException($"The monitor has {MostNames} collectors, which is the most it can have. Let one collector measure several things.", nameof(schedule));
            if (!_schedules.TryAdd(schedule.Name, schedule))
            {
                throw new ArgumentException($"The monitor has a collector named '{schedule.Name}'. Give each a name of its own.", nameof(schedule));
            }

            if (!_started) return;
        }

        schedule.Start(_time.GetTimestamp());
    }

    private MetricsCollector AddSystemCollectors()
    {
        // Their names are those of OpenTelemetry's semantic conventions, without the application's namespace.
        var metrics = new MetricsCollector(new MetricsCollectorOptions { MeterName = "OtelTelemetry.System", Registry = _metrics.Registry, TimeProvider = _time });
        try
        {
            var context = new SystemContext(new SystemInstruments(metrics, HistoryOf), _time, _options.Interval);
            foreach (var entry in SystemCollectorRegistry.All)
            {
                var options = entry.Options(_options.System);
                if (!options.Enabled || entry.Create(context, _options.System) is not { } collector) continue;
                RegisterCollector(
                    entry.Name,
                    _ =>
                    {
                        collector.Collect();
                        return Task.CompletedTask;
                    },
                    options.Interval);
            }

            return metrics;
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }
}
