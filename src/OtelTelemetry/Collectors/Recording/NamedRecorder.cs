using System.Collections.Concurrent;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Collectors.Recording;

/// <summary>Finds the instrument of a measurement by its name, or makes one by the collector's rule. Thread-safe.</summary>
internal sealed class NamedRecorder(MetricsCollector collector, UnregisteredMetrics rule, int mostUnregistered, IReadOnlyList<double> defaultBuckets)
{
    private const string Component = "metrics_collector";

    private readonly ConcurrentDictionary<string, NamedRoute> _routes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _made;

    /// <summary>Puts a measurement into its instrument.</summary>
    /// <returns>Null, or the reason why it was left out; that has been counted then.</returns>
    internal string? Take(in Metric metric)
    {
        if (metric.Name is not { } name) return Lost(CollectorDropReasons.InvalidName, null);
        if (_routes.TryGetValue(name, out var route)) return route.Apply(metric);
        if (collector.GetMetric(name) is { } registered) return Add(name, registered).Apply(metric);
        return TakeUnregistered(metric, name);
    }

    /// <summary>Forgets every instrument: the collector has ended.</summary>
    internal void Clear() => _routes.Clear();

    private NamedRoute Add(string name, MetricInstrument instrument) => _routes.GetOrAdd(name, static (_, metric) => new NamedRoute(metric), instrument);

    private string? TakeUnregistered(in Metric metric, string name)
    {
        try
        {
            NamedRoute route;
            lock (_gate)
            {
                if (collector.GetMetric(name) is { } there)
                {
                    route = Add(name, there);
                }
                else
                {
                    if (rule.Kind(name) is not { } kind) return Lost(CollectorDropReasons.Unregistered, name);
                    if (_made >= mostUnregistered) return Lost(CollectorDropReasons.TooManyMetrics, name);
                    if (collector.IsDisposed) return Lost(CollectorDropReasons.Stopped, name);
                    route = Add(name, Make(name, kind, metric.Tags));
                    _made++;
                }
            }

            return route.Apply(metric);
        }
        catch (Exception exception)
        {
            // A name that is none, or that another definition has in this registry; or the rule, which is somebody else's code.
            return Lost(exception is ArgumentException or DuplicateMetricException ? CollectorDropReasons.InvalidName : CollectorDropReasons.Failed, name);
        }
    }

    private MetricInstrument Make(string name, MetricKind kind, MetricTags tags)
    {
        string[] labels = [.. tags.Select(tag => tag.Key)];
        const string help = "Recorded by name, without a definition.";
        return kind switch
        {
            MetricKind.Counter => collector.CreateCounter(name, help, labels),
            MetricKind.Gauge => collector.CreateGauge(name, help, labels),
            MetricKind.Histogram => collector.CreateHistogram(new HistogramOptions(name)
            {
                Help = help,
                LabelNames = labels,
                Buckets = UnregisteredMetrics.IsInMilliseconds(name) ? [.. defaultBuckets.Select(bound => bound * 1000)] : null,
            }),
            _ => collector.CreateSummary(name, help, labels),
        };
    }

    private string Lost(string reason, string? name)
    {
        TelemetryLosses.Count("metrics", Component, reason);
        if (_told.TryAdd(reason, true))
        {
            TelemetryErrors.Report(Diagnostic.MeasurementRefused,
                Component,
                $"a measurement recorded as '{name}' was left out: {reason}",
                "Register the metric under this name, or see MetricsCollectorOptions.Unregistered. Further ones are counted in telemetry_dropped_total");
        }

        return reason;
    }
}
