using System.ComponentModel;
using System.Diagnostics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Metrics.Typed;

namespace OtelTelemetry.Instrumentation;

/// <summary>What is measured of a method. For generated code, which has one for each method with attributes. Thread-safe.</summary>
/// <typeparam name="TLabels">The labels of its metrics.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MeasuredMethod<TLabels>
    where TLabels : struct, IMeasuredLabels<TLabels>
{
    private readonly string _function;
    private readonly string? _span;
    private readonly ActivityKind _kind;
    private readonly ActivitySource? _source;

    /// <summary>Prepares the measuring. Never throws: a metric whose name another has is reported, and its values are not exported.</summary>
    /// <param name="function">The method's full name.</param>
    /// <param name="traced">How it is traced, or null.</param>
    /// <param name="counted">How it is counted, or null.</param>
    /// <param name="timed">How it is timed, or null.</param>
    public MeasuredMethod(string function, TracedAttribute? traced, CountedAttribute? counted, TimedAttribute? timed)
    {
        _function = function;
        if (traced is not null)
        {
            _span = traced.Name;
            _kind = traced.Kind;
            _source = MeasuredSources.Get(traced.Source);
        }

        if (counted is not null) Counter = Make(metrics => metrics.CreateCounter<TLabels>(counted.Name, counted.Help));
        if (timed is null) return;
        var options = new HistogramOptions(timed.Name)
        {
            Help = timed.Help,
            Unit = "s",
            Buckets = timed.Buckets.Length > 0 ? timed.Buckets : MetricsCollectorOptions.DurationBuckets,
        };
        Duration = Make(metrics => metrics.CreateHistogram<TLabels>(options));
    }

    internal Counter<TLabels>? Counter { get; }

    internal Histogram<TLabels>? Duration { get; }

    /// <summary>Begins a call.</summary>
    /// <param name="labels">The labels of its metrics.</param>
    public MeasuredCall<TLabels> Start(in TLabels labels)
    {
        // Most calls that nobody listens to end here: the current activity is looked up for those that somebody does.
        if (_source is null || !_source.HasListeners()) return new MeasuredCall<TLabels>(this, in labels, null, null);
        var previous = Activity.Current;
        var span = _source.StartActivity(_span!, _kind);
        if (span is { IsAllDataRequested: true }) span.SetTag("code.function.name", _function);
        return new MeasuredCall<TLabels>(this, in labels, span, previous);
    }

    private TMetric Make<TMetric>(Func<MetricsCollector, TMetric> create)
    {
        try
        {
            return create(new MetricsCollector());
        }
        catch (Exception problem) when (problem is ArgumentException or DuplicateMetricException)
        {
            TelemetryErrors.Report(Diagnostic.MeasuredMethodConflict, _function, $"a metric of the method is not exported: {problem.Message}", "Give it another name, or the same labels as the metric that has the name");
            return create(new MetricsCollector(new MetricsCollectorOptions { Registry = new MetricsRegistry() }));
        }
    }
}
