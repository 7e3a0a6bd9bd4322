using System.Diagnostics.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// Makes metrics and reads them back: counters, gauges, histograms and summaries under one namespace and subsystem.
/// A collector is an in-process thing; it has nothing to do with the OpenTelemetry Collector. Thread-safe.
/// </summary>
/// <remarks>Creating a metric throws when its definition is wrong; recording never throws.</remarks>
/// <example><code>
/// var metrics = new MetricsCollector("shop", "checkout");
/// var orders = metrics.CreateCounter("orders_total", "Orders placed.", "status");   // shop_checkout_orders_total
/// orders.Inc("accepted");
/// </code></example>
public sealed class MetricsCollector : IDisposable
{
    private readonly MetricsCollectorOptions _options;
    private readonly KeyValuePair<string, string>[] _constantLabels;
    private readonly MetricScope _scope;
    private readonly Meter _meter;
    private readonly Lock _gate = new();
    private readonly List<MetricInstrument> _made = [];
    private readonly Dictionary<string, MetricInstrument> _metrics = new(StringComparer.Ordinal);

    /// <summary>Makes a collector in the default registry.</summary>
    /// <param name="namespace">The first part of every name, or empty.</param>
    /// <param name="subsystem">The second part of every name, or empty.</param>
    public MetricsCollector(string @namespace = "", string subsystem = "")
        : this(new MetricsCollectorOptions { Namespace = @namespace, Subsystem = subsystem })
    {
    }

    /// <summary>Makes a collector.</summary>
    /// <param name="options">The settings; copied.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which and how to mend it.</exception>
    public MetricsCollector(MetricsCollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options with { DefaultBuckets = MetricNames.CheckBuckets("of the collector's default", options.DefaultBuckets) };
        CheckSeries("MaxSeriesPerMetric", options.MaxSeriesPerMetric);
        CheckExpiry("IdleSeriesExpiry", options.IdleSeriesExpiry);
        _constantLabels = [.. options.ConstantLabels];
        MetricNames.CheckLabelNames("(constant labels)", [.. options.ConstantLabels.Keys], [], reserved: null);
        var meterName = options.MeterName ?? (options.Namespace.Length > 0 ? options.Namespace : "OtelTelemetry");
        _scope = new MetricScope(meterName);
        _meter = new Meter(meterName);
    }

    /// <summary>The first part of every name, or empty.</summary>
    public string Namespace => _options.Namespace;

    /// <summary>The second part of every name, or empty.</summary>
    public string Subsystem => _options.Subsystem;

    /// <summary>The labels that every series carries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ConstantLabels => _constantLabels;

    /// <summary>The name of the <see cref="Meter"/> on which the metrics show themselves.</summary>
    public string MeterName => _scope.Name;

    /// <summary>Makes a counter, or returns the one that has this definition.</summary>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Counter CreateCounter(string name, string help = "", params ReadOnlySpan<string> labelNames) =>
        CreateCounter(new CounterOptions(name) { Help = help, LabelNames = labelNames.ToArray() });

    /// <summary>Makes a counter, or returns the one that has this definition.</summary>
    /// <param name="options">The definition.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Counter CreateCounter(CounterOptions options) =>
        Create(Define(options, MetricKind.Counter, reserved: null), definition => new Counter(definition));

    /// <summary>Makes a gauge, or returns the one that has this definition.</summary>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Gauge CreateGauge(string name, string help = "", params ReadOnlySpan<string> labelNames) =>
        CreateGauge(new GaugeOptions(name) { Help = help, LabelNames = labelNames.ToArray() });

    /// <summary>Makes a gauge, or returns the one that has this definition.</summary>
    /// <param name="options">The definition.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Gauge CreateGauge(GaugeOptions options) =>
        Create(Define(options, MetricKind.Gauge, reserved: null), definition => new Gauge(definition));

    /// <summary>Makes a histogram with the collector's default buckets, or returns the one that has this definition.</summary>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Histogram CreateHistogram(string name, string help = "", params ReadOnlySpan<string> labelNames) =>
        CreateHistogram(new HistogramOptions(name) { Help = help, LabelNames = labelNames.ToArray() });

    /// <summary>Makes a histogram, or returns the one that has this definition.</summary>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <param name="buckets">The buckets' inclusive upper bounds, finite and strictly ascending.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Histogram CreateHistogram(string name, string help, IReadOnlyList<double> buckets, params ReadOnlySpan<string> labelNames) =>
        CreateHistogram(new HistogramOptions(name) { Help = help, Buckets = buckets, LabelNames = labelNames.ToArray() });

    /// <summary>Makes a histogram, or returns the one that has this definition.</summary>
    /// <param name="options">The definition.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Histogram CreateHistogram(HistogramOptions options)
    {
        var definition = Define(options, MetricKind.Histogram, reserved: "le");
        definition = definition with { Points = MetricNames.CheckBuckets(definition.FullName, options.Buckets ?? _options.DefaultBuckets) };
        return Create(definition, complete => new Histogram(complete));
    }

    /// <summary>Makes a summary with the default quantiles and window, or returns the one that has this definition.</summary>
    /// <param name="name">The name, without namespace and subsystem.</param>
    /// <param name="help">What it tells, for people.</param>
    /// <param name="labelNames">The names of the labels.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Summary CreateSummary(string name, string help = "", params ReadOnlySpan<string> labelNames) =>
        CreateSummary(new SummaryOptions(name) { Help = help, LabelNames = labelNames.ToArray() });

    /// <summary>Makes a summary, or returns the one that has this definition.</summary>
    /// <param name="options">The definition.</param>
    /// <exception cref="ArgumentException">The definition is wrong.</exception>
    /// <exception cref="DuplicateMetricException">Another metric has the name.</exception>
    public Summary CreateSummary(SummaryOptions options)
    {
        var definition = Define(options, MetricKind.Summary, reserved: "quantile");
        if (options.Window < TimeSpan.FromSeconds(1))
        {
            throw new ArgumentException($"The window of summary '{definition.FullName}' is {options.Window}; it must be at least 1 second.", nameof(options));
        }

        definition = definition with { Points = MetricNames.CheckQuantiles(definition.FullName, options.Quantiles), Window = options.Window };
        return Create(definition, complete => new Summary(complete));
    }

    /// <summary>A metric of this collector by its name; null when there is none.</summary>
    /// <param name="name">The full name, or the name without namespace and subsystem.</param>
    public MetricInstrument? GetMetric(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_gate)
        {
            return _metrics.GetValueOrDefault(name) ?? _metrics.GetValueOrDefault(FullName(name));
        }
    }

    /// <summary>The metrics of this collector, by name.</summary>
    public IReadOnlyList<MetricInstrument> ListMetrics()
    {
        lock (_gate)
        {
            return [.. _metrics.Values.OrderBy(metric => metric.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>The current values of one metric, with their labels; null when there is none of that name.</summary>
    /// <param name="name">The full name, or the name without namespace and subsystem.</param>
    public MetricFamily? Collect(string name) => GetMetric(name) is { } metric ? MetricFamilyMaterializer.Materialize(metric) : null;

    /// <summary>The current values of all metrics of this collector, by name.</summary>
    public IReadOnlyList<MetricFamily> CollectAll() => [.. ListMetrics().Select(MetricFamilyMaterializer.Materialize)];

    /// <summary>Which metrics of this collector have many series, and which label makes them.</summary>
    public CardinalityReport CardinalityReport() => Metrics.CardinalityReport.Of(ListMetrics());

    /// <summary>Removes the collector's metrics from its registry and ends its meter. Records in kept metrics still do no harm.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _options.Registry.Remove(_made);
            _made.Clear();
            _metrics.Clear();
        }

        _meter.Dispose();
    }

    private TMetric Create<TMetric>(InstrumentDefinition definition, Func<InstrumentDefinition, TMetric> create)
        where TMetric : MetricInstrument
    {
        lock (_gate)
        {
            var metric = _options.Registry.GetOrAdd(definition, create, _meter, _made.Add);
            _metrics[metric.Name] = metric;
            return metric;
        }
    }

    private InstrumentDefinition Define(MetricOptions options, MetricKind kind, string? reserved)
    {
        ArgumentNullException.ThrowIfNull(options);
        var fullName = FullName(options.Name);
        MetricNames.CheckMetricName(fullName);
        MetricNames.CheckLabelNames(fullName, options.LabelNames, _constantLabels.Select(label => label.Key), reserved);
        CheckSeries($"MaxSeries of metric '{fullName}'", options.MaxSeries ?? _options.MaxSeriesPerMetric);
        CheckExpiry($"IdleExpiry of metric '{fullName}'", options.IdleExpiry);
        return new InstrumentDefinition
        {
            FullName = fullName,
            Kind = kind,
            Help = options.Help,
            Unit = options.Unit,
            LabelNames = [.. options.LabelNames],
            ConstantLabels = _constantLabels,
            Scope = _scope,
            MaxSeries = options.MaxSeries ?? _options.MaxSeriesPerMetric,
            IdleExpiry = options.IdleExpiry ?? _options.IdleSeriesExpiry,
            TimeProvider = _options.TimeProvider,
        };
    }

    private string FullName(string name) => MetricNames.Join(_options.Namespace, _options.Subsystem, name ?? "");

    private static void CheckSeries(string setting, int value)
    {
        if (value < 1) throw new ArgumentException($"{setting} is {value}; it must be at least 1. Leave it out for the default.");
    }

    private static void CheckExpiry(string setting, TimeSpan? value)
    {
        if (value < TimeSpan.FromSeconds(1)) throw new ArgumentException($"{setting} is {value}; it must be at least 1 second. Leave it out to keep series for ever.");
    }
}
