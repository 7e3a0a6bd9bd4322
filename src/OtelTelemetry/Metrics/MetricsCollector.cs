using System.Diagnostics.Metrics;
using OtelTelemetry.Collectors;
using OtelTelemetry.Collectors.Recording;
using OtelTelemetry.Events;
using OtelTelemetry.Hooks;
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
public sealed partial class MetricsCollector : IMetricCollector, IDisposable, IAsyncDisposable
{
    private readonly MetricsCollectorOptions _options;
    private readonly KeyValuePair<string, string>[] _constantLabels;
    private readonly MetricScope _scope;
    private readonly Meter _meter;
    private readonly Lock _gate = new();
    private readonly List<MetricInstrument> _made = [];
    private readonly Dictionary<string, MetricInstrument> _metrics = new(StringComparer.Ordinal);
    private readonly NamedRecorder _recorder;
    private readonly OutcomeCounter _applied = new();
    private readonly DropCounters _dropped = new(component: null);
    private readonly HookPoints _hooks;
    private MetricSinkBuffer[] _sinks = [];

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
        ArgumentNullException.ThrowIfNull(options.Unregistered);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxUnregistered);
        _constantLabels = [.. options.ConstantLabels];
        MetricNames.CheckLabelNames("(constant labels)", [.. options.ConstantLabels.Keys], [], reserved: null);
        var meterName = options.MeterName ?? (options.Namespace.Length > 0 ? options.Namespace : "OtelTelemetry");
        _scope = new MetricScope(meterName);
        _meter = new Meter(meterName);
        _hooks = options.Registry.HookPoints;
        _recorder = new NamedRecorder(this, options.Unregistered, options.MaxUnregistered, _options.DefaultBuckets);
    }

    /// <summary>The first part of every name, or empty.</summary>
    public string Namespace => _options.Namespace;

    /// <summary>The second part of every name, or empty.</summary>
    public string Subsystem => _options.Subsystem;

    /// <summary>The labels that every series carries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ConstantLabels => _constantLabels;

    /// <summary>The name of the <see cref="Meter"/> on which the metrics show themselves.</summary>
    public string MeterName => _scope.Name;

    internal bool IsDisposed { get; private set; }

    internal MetricsRegistry Registry => _options.Registry;

    internal TimeProvider TimeProvider => _options.TimeProvider;

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

    /// <summary>
    /// Records a measurement by name. A counter adds the value (times its weight), a gauge is set to it, a histogram and a summary
    /// observe it (as often as it represents others). A name that no metric has makes one (<see cref="MetricsCollectorOptions.Unregistered"/>).
    /// Tags are matched to labels by name: a label without a tag is empty; with a tag that is no label the measurement is dropped.
    /// The metric is current at once; sinks (<see cref="AddSink"/>) get what was applied, batch by batch. Never throws.
    /// </summary>
    /// <param name="metric">The measurement.</param>
    public void Record(in Metric metric) => Take(metric);

    /// <summary>
    /// Records that something happened: kept for a while to be read back (<see cref="TelemetryEvents.GetEvents"/>), given to hooks, and in an
    /// application written as a log record, with the current span's trace id. No series comes of it. Never throws.
    /// </summary>
    /// <param name="name">What happened, such as <c>user_login</c>. Keep the number of names small; they are counted by name.</param>
    /// <param name="value">What there is to say of it: any object. A dictionary is copied and its entries become attributes; anything else
    /// must not change any more.</param>
    /// <param name="labels">The labels to find it by; null for none. They may have any number of values.</param>
    /// <param name="metadata">What else is known; null for nothing. Copied.</param>
    public void RecordEvent(string name, object? value = null, MetricTags? labels = null, IReadOnlyDictionary<string, object?>? metadata = null) =>
        _options.Registry.Events.Record(name, value, labels, metadata);

    /// <summary>Records that something happened, like the other overload.</summary>
    /// <param name="name">What happened, such as <c>user_login</c>.</param>
    /// <param name="value">What there is to say of it: any object.</param>
    /// <param name="labels">Names and values of labels, in any order.</param>
    public void RecordEvent(string name, object? value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        _options.Registry.Events.Record(name, value, MetricTags.Of(labels));

    /// <inheritdoc cref="MetricCollectorExtensions.Record(IMetricCollector, string, double, ReadOnlySpan{ValueTuple{string, string}})"/>
    public void Record(string name, double value, params ReadOnlySpan<(string Name, string Value)> tags) => Take(new Metric(name, value, MetricTags.Of(tags)));

    /// <inheritdoc cref="MetricCollectorExtensions.Record(IMetricCollector, string, double, MetricTags, IReadOnlyDictionary{string, object})"/>
    public void Record(string name, double value, MetricTags tags, IReadOnlyDictionary<string, object?>? metadata = null) => Take(new Metric(name, value, tags, metadata));

    /// <inheritdoc cref="MetricCollectorExtensions.Record(IMetricCollector, string, double, IReadOnlyDictionary{string, string}, IReadOnlyDictionary{string, object})"/>
    public void Record(string name, double value, IReadOnlyDictionary<string, string>? tags, IReadOnlyDictionary<string, object?>? metadata = null) =>
        Take(new Metric(name, value, tags is null ? null : MetricTags.From(tags), metadata));

    /// <summary>Puts collectors in front of this one: what is recorded through the result meets them in the order written.
    /// Dispose it before this collector, so that nothing is left behind.</summary>
    /// <param name="configure">Writes the pipeline.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which and how to mend it.</exception>
    public CollectorPipeline CreatePipeline(Action<CollectorPipelineBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var stages = new List<CollectorOptions>();
        configure(new CollectorPipelineBuilder(stages));
        return new CollectorPipeline(this, stages);
    }

    /// <summary>Sends every measurement recorded by name from now on to a sink as well, through a bounded buffer of its own: a sink that is
    /// slow or fails harms no other, and never whoever records.</summary>
    /// <param name="sink">The sink. It is disposed with the collector when it can be.</param>
    /// <param name="options">The buffer's settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message says which and how to mend it.</exception>
    public void AddSink(IMetricSink sink, MetricBufferOptions? options = null)
    {
        var buffer = new MetricSinkBuffer(sink, options ?? new MetricBufferOptions(), _options.TimeProvider);
        lock (_gate) _sinks = [.. _sinks, buffer];
    }

    /// <summary>Waits until the sinks have what was recorded so far, or failed to take it. The metrics themselves are always current.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        foreach (var sink in Volatile.Read(ref _sinks)) await sink.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What became of the measurements recorded by name. Those recorded in a metric itself are not among them: see <see cref="MetricInstrument.GetDropped"/>.</summary>
    public CollectorStatistics GetStats()
    {
        var applied = _applied.Value;
        var dropped = _dropped.Read();
        return new CollectorStatistics
        {
            Recorded = applied + dropped.Values.Sum(),
            Applied = applied,
            Dropped = dropped,
            Sinks = [.. Volatile.Read(ref _sinks).Select(sink => sink.GetStats())],
        };
    }

    /// <summary>Gives the sinks what is left, within each one's time for a batch, and ends the collector like <see cref="Dispose"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Volatile.Read(ref _sinks).Select(sink => sink.DisposeAsync().AsTask())).ConfigureAwait(false);
        RemoveMetrics();
    }

    /// <summary>Removes the collector's metrics from its registry and ends its meter. Records in kept metrics still do no harm.
    /// Waits until the sinks have what is left, or their time for a batch is over.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Puts a measurement into its instrument and into the sinks' buffers.</summary>
    /// <returns>Null, or the reason why it was left out.</returns>
    internal string? Take(in Metric metric)
    {
        var reason = _recorder.Take(metric);
        if (reason is not null)
        {
            _dropped.Count(reason);
            return reason;
        }

        _applied.Add();
        foreach (var sink in Volatile.Read(ref _sinks)) sink.Add(metric);
        if (_hooks.Record is { } hooks) HookPoints.Raise(hooks, metric.Timestamp == default ? metric with { Timestamp = _options.TimeProvider.GetUtcNow() } : metric);
        return null;
    }

    private void RemoveMetrics()
    {
        lock (_gate)
        {
            IsDisposed = true;
            _recorder.Clear();
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
            DeclaredIn = options.DeclaredIn,
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
