using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OtelTelemetry.Events;
using OtelTelemetry.Hooks;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// A set of collectors that exporters read as a whole. Within a registry a metric name stands for one metric: collectors that
/// register the same definition share it. Thread-safe.
/// </summary>
public sealed class MetricsRegistry : IMetricSource
{
    private readonly ConcurrentDictionary<string, MetricInstrument[]> _metrics = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly MetricsRegistry? _shared;
    private int _count;

    /// <summary>Makes a registry of its own.</summary>
    public MetricsRegistry()
        : this(shared: null)
    {
    }

    /// <summary>Makes a registry of its own.</summary>
    /// <param name="events">The settings of its events, copied; null for the defaults.</param>
    /// <param name="timeProvider">The clock of its events and hooks; null for the system's.</param>
    public MetricsRegistry(TelemetryEventsOptions? events, TimeProvider? timeProvider = null)
        : this(shared: null, events, timeProvider)
    {
    }

    /// <summary>Makes a registry that is read together with another: a definition that is there already is not made a second time.</summary>
    internal MetricsRegistry(MetricsRegistry? shared, TelemetryEventsOptions? events = null, TimeProvider? timeProvider = null)
    {
        _shared = shared;
        var time = timeProvider ?? TimeProvider.System;
        Hooks = new TelemetryHooks(HookPoints, shared?.HookPoints, time);
        Events = new TelemetryEvents(events ?? new TelemetryEventsOptions(), time, HookPoints);
    }

    /// <summary>Changes a definition before it is made, as the application's settings want it. Null where nothing is changed.</summary>
    internal Func<InstrumentDefinition, InstrumentDefinition>? Redefine { get; init; }

    /// <summary>The registry of collectors that name none. Every exporter of the process reads it.</summary>
    public static MetricsRegistry Default { get; } = new();

    /// <summary>The hooks on what is recorded in this registry's collectors, and on what happens to it.</summary>
    public TelemetryHooks Hooks { get; }

    /// <summary>The events recorded through this registry's collectors.</summary>
    public TelemetryEvents Events { get; }

    /// <summary>How many metrics there are.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Where the hooks are called.</summary>
    internal HookPoints HookPoints { get; } = new();

    /// <summary>All metrics of this moment, in no order.</summary>
    public IReadOnlyList<MetricInstrument> Metrics => [.. _metrics.Values.SelectMany(metrics => metrics)];

    void IMetricSource.Collect(MetricCollection collection)
    {
        foreach (var (_, metrics) in _metrics)
        {
            foreach (var metric in metrics) collection.Add(metric);
        }
    }

    /// <summary>Whether an instrument seen through the SDK is one of ours, and is read here already.</summary>
    internal bool Owns(string meterName, string instrumentName) => Find(meterName, instrumentName) is not null;

    internal MetricInstrument? Find(string meterName, string instrumentName)
    {
        if (!_metrics.TryGetValue(instrumentName, out var metrics)) return null;
        foreach (var metric in metrics)
        {
            if (metric.Descriptor.Scope.Name == meterName) return metric;
        }

        return null;
    }

    /// <summary>The metric of this definition: the one that is there, or a new one.</summary>
    /// <exception cref="DuplicateMetricException">Another definition has the name.</exception>
    internal TMetric GetOrAdd<TMetric>(InstrumentDefinition definition, Func<InstrumentDefinition, TMetric> create, Meter meter, Action<MetricInstrument> added)
        where TMetric : MetricInstrument
    {
        if (Redefine is not null) definition = Redefine(definition);
        lock (_gate)
        {
            var there = _metrics.GetValueOrDefault(definition.FullName, []);
            foreach (var metric in there.Concat(_shared?._metrics.GetValueOrDefault(definition.FullName, []) ?? []))
            {
                if (!metric.Definition.SameFamily(definition))
                {
                    throw new DuplicateMetricException(definition.FullName, metric.Definition.ToString(), definition.ToString());
                }

                if (metric.Definition.SameConstantLabels(definition)) return (TMetric)metric;
            }

            var made = create(definition);
            // Known here before the meter tells listeners of it, so that they can ask whose it is.
            _metrics[definition.FullName] = [.. there, made];
            _count++;
            made.Publish(meter);
            added(made);
            return made;
        }
    }

    internal void Remove(IEnumerable<MetricInstrument> metrics)
    {
        lock (_gate)
        {
            foreach (var metric in metrics)
            {
                if (!_metrics.TryGetValue(metric.Name, out var there)) continue;
                var rest = there.Where(other => !ReferenceEquals(other, metric)).ToArray();
                _count -= there.Length - rest.Length;
                if (rest.Length > 0) _metrics[metric.Name] = rest;
                else _metrics.TryRemove(metric.Name, out _);
            }
        }
    }
}
