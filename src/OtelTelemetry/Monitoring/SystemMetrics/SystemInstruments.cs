using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>Makes the metrics of the system, whose values go to the monitor's history as well.</summary>
/// <param name="metrics">Where they are made.</param>
/// <param name="history">The values kept of a metric; null where none are.</param>
internal sealed class SystemInstruments(MetricsCollector metrics, Func<string, MonitorHistory?> history)
{
    /// <param name="name">The name in OpenTelemetry's semantic conventions.</param>
    /// <param name="unit">The unit in UCUM spelling.</param>
    /// <param name="help">What it tells.</param>
    /// <param name="expiry">After how long a series that is no longer set disappears; null for never.</param>
    /// <param name="labels">The names of the labels.</param>
    public SystemGauge Gauge(string name, string unit, string help, TimeSpan? expiry, params ReadOnlySpan<string> labels) =>
        new(metrics.CreateGauge(new GaugeOptions(name) { Unit = unit, Help = help, IdleExpiry = expiry, LabelNames = labels.ToArray() }), history(name));

    /// <inheritdoc cref="Gauge"/>
    public SystemCounter Counter(string name, string unit, string help, params ReadOnlySpan<string> labels) =>
        new(metrics.CreateCounter(new CounterOptions(name) { Unit = unit, Help = help, LabelNames = labels.ToArray() }), history(name));

    internal static MetricTags Tags(IReadOnlyList<string> names, ReadOnlySpan<string> values)
    {
        var tags = new (string, string)[values.Length];
        for (var i = 0; i < tags.Length; i++) tags[i] = (names[i], values[i]);
        return MetricTags.Of(tags);
    }
}

/// <summary>A gauge of the system.</summary>
internal sealed class SystemGauge(Gauge gauge, MonitorHistory? history)
{
    public SystemGaugeSeries With(params ReadOnlySpan<string> values) => new(gauge.With(values), history, SystemInstruments.Tags(gauge.LabelNames, values));
}

/// <summary>A series of a gauge of the system.</summary>
internal sealed class SystemGaugeSeries(BoundGauge gauge, MonitorHistory? history, MetricTags labels)
{
    public void Set(double value)
    {
        gauge.Set(value);
        history?.Add(value, labels);
    }
}

/// <summary>A counter of the system.</summary>
internal sealed class SystemCounter(Counter counter, MonitorHistory? history)
{
    public SystemCounterSeries With(params ReadOnlySpan<string> values) => new(counter.With(values), history, SystemInstruments.Tags(counter.LabelNames, values));
}

/// <summary>A series of a counter that the system keeps. Used by one thread at a time.</summary>
internal sealed class SystemCounterSeries(BoundCounter counter, MonitorHistory? history, MetricTags labels)
{
    private double _last;
    private double _before;

    /// <summary>Brings the counter to what the system says now.</summary>
    public void RaiseTo(double total)
    {
        // A device that was taken away and came back counts from zero. One that only went back a little did not: the kernel corrects its
        // own times of waiting and idling at times. The counter then stands still until it is passed again.
        if (total < _last / 2) _before += _last;
        _last = total;
        var more = total + _before - counter.Value;
        if (more > 0) counter.Inc(more);
        history?.Add(total, labels);
    }
}
