using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tracing.Observations;

/// <summary>
/// Something an application does, watched in every way at once: each time it is done gives a span, a value in the histogram
/// <c>&lt;name&gt;.duration</c> (seconds), where it fails one in the counter <c>&lt;name&gt;.errors</c> by <c>error.type</c>, and, if wanted, a log
/// record. Defined once, started many times. Thread-safe; nothing but the definition throws.
/// </summary>
/// <example><code>
/// var orders = telemetry.CreateObservation("order.process", "channel");
/// using (var order = orders.Start("web"))
/// {
///     order.SetAttribute("order.id", 4711); // To the span only: every order has another.
/// }
/// </code></example>
public sealed class Observation
{
    private const string ErrorType = "error.type";

    private readonly SimpleTracer _tracer;
    private readonly Histogram _duration;
    private readonly Counter _errors;
    private readonly ActivityKind _kind;
    private readonly BoundObservation? _unlabelled;

    /// <summary>Defines an observation.</summary>
    /// <param name="metrics">Where its metrics are.</param>
    /// <param name="tracer">What starts its spans.</param>
    /// <param name="options">The definition.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has one of the names.</exception>
    public Observation(MetricsCollector metrics, SimpleTracer tracer, ObservationOptions options)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(tracer);
        ArgumentNullException.ThrowIfNull(options);
        Name = options.Name;
        LabelNames = Array.AsReadOnly<string>([.. options.LabelNames]);
        _tracer = tracer;
        _kind = options.Kind;
        Logger = options.Logger;
        Level = options.LogLevel;
        _duration = metrics.CreateHistogram(new HistogramOptions(options.Name + ".duration")
        {
            Help = options.Help.Length > 0 ? options.Help : $"How long {options.Name} takes.",
            Unit = "s",
            LabelNames = options.LabelNames,
            Buckets = options.Buckets,
            MaxSeries = options.MaxSeries,
        });
        _errors = metrics.CreateCounter(new CounterOptions(options.Name + ".errors")
        {
            Help = $"How often {options.Name} fails, by the type of the error.",
            LabelNames = [.. options.LabelNames, ErrorType],
            MaxSeries = options.MaxSeries,
        });
        if (LabelNames.Count == 0) _unlabelled = new BoundObservation(this, _duration.With(), []);
    }

    /// <summary>Defines an observation.</summary>
    /// <param name="metrics">Where its metrics are.</param>
    /// <param name="tracer">What starts its spans.</param>
    /// <param name="name">The name; see <see cref="ObservationOptions"/>.</param>
    /// <param name="labelNames">The names of the values that go to metrics and span.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has one of the names.</exception>
    public Observation(MetricsCollector metrics, SimpleTracer tracer, string name, params ReadOnlySpan<string> labelNames)
        : this(metrics, tracer, new ObservationOptions(name) { LabelNames = labelNames.ToArray() })
    {
    }

    /// <summary>What is observed.</summary>
    public string Name { get; }

    /// <summary>The names of the labels, in the order in which values are given.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    internal ILogger? Logger { get; }

    internal LogLevel Level { get; }

    /// <summary>Begins; disposing the result ends it. Allocates nothing beside the span's activity, and a little where it is logged.</summary>
    /// <param name="labels">The label values, in the order of the label names. A wrong number of them is counted as dropped, and there is a span all the same.</param>
    public ObservationScope Start(params ReadOnlySpan<string> labels) => Start(_duration.With(labels), labels);

    /// <summary>These label values, to keep and to start with, and to run blocks with.</summary>
    /// <param name="labels">The label values, in the order of the label names.</param>
    public BoundObservation With(params ReadOnlySpan<string> labels) =>
        labels.IsEmpty && _unlabelled is not null ? _unlabelled : new BoundObservation(this, _duration.With(labels), labels.ToArray());

    internal ObservationScope Start(BoundHistogram duration, ReadOnlySpan<string> labels)
    {
        var span = _tracer.StartSpan(Name, _kind);
        if (span.IsRecording)
        {
            for (var i = 0; i < labels.Length && i < LabelNames.Count; i++) span.SetAttribute(LabelNames[i], labels[i]);
        }

        return new ObservationScope(this, duration, span);
    }

    /// <summary>Counts an error under the labels of a series.</summary>
    internal void CountError(BoundHistogram duration, string errorType)
    {
        var labels = new string[LabelNames.Count + 1];
        var own = duration.LabelCount - LabelNames.Count;
        for (var i = 0; i < LabelNames.Count; i++) labels[i] = own >= 0 ? duration.GetLabel(own + i).Value : "";
        labels[^1] = errorType;
        _errors.Inc(labels.AsSpan());
    }
}
