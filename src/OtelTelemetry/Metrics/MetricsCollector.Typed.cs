using OtelTelemetry.Metrics.Typed;

namespace OtelTelemetry.Metrics;

/// <content>Metrics whose labels are a type.</content>
public sealed partial class MetricsCollector
{
    /// <summary>Makes a counter whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Counter<TLabels> CreateCounter<TLabels>(string name, string help = "")
        where TLabels : struct, IMetricLabels<TLabels> => CreateCounter<TLabels>(new CounterOptions(name) { Help = help });

    /// <summary>Makes a counter whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="options">The definition. Its label names are those of the type.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Counter<TLabels> CreateCounter<TLabels>(CounterOptions options)
        where TLabels : struct, IMetricLabels<TLabels>
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(CreateCounter(options with { LabelNames = TLabels.LabelNames }));
    }

    /// <summary>Makes a gauge whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Gauge<TLabels> CreateGauge<TLabels>(string name, string help = "")
        where TLabels : struct, IMetricLabels<TLabels> => CreateGauge<TLabels>(new GaugeOptions(name) { Help = help });

    /// <summary>Makes a gauge whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="options">The definition. Its label names are those of the type.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Gauge<TLabels> CreateGauge<TLabels>(GaugeOptions options)
        where TLabels : struct, IMetricLabels<TLabels>
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(CreateGauge(options with { LabelNames = TLabels.LabelNames }));
    }

    /// <summary>Makes a histogram whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Histogram<TLabels> CreateHistogram<TLabels>(string name, string help = "")
        where TLabels : struct, IMetricLabels<TLabels> => CreateHistogram<TLabels>(new HistogramOptions(name) { Help = help });

    /// <summary>Makes a histogram whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="options">The definition. Its label names are those of the type.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Histogram<TLabels> CreateHistogram<TLabels>(HistogramOptions options)
        where TLabels : struct, IMetricLabels<TLabels>
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(CreateHistogram(options with { LabelNames = TLabels.LabelNames }));
    }

    /// <summary>Makes a summary whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Summary<TLabels> CreateSummary<TLabels>(string name, string help = "")
        where TLabels : struct, IMetricLabels<TLabels> => CreateSummary<TLabels>(new SummaryOptions(name) { Help = help });

    /// <summary>Makes a summary whose labels are a type, or returns one with this definition.</summary>
    /// <typeparam name="TLabels">The labels; see <see cref="MetricLabelsAttribute"/>.</typeparam>
    /// <param name="options">The definition. Its label names are those of the type.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Typed.Summary<TLabels> CreateSummary<TLabels>(SummaryOptions options)
        where TLabels : struct, IMetricLabels<TLabels>
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(CreateSummary(options with { LabelNames = TLabels.LabelNames }));
    }
}
