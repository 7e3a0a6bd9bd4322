using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OtelTelemetry.Hosting;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements.Own;
using OtelTelemetry.Processors.Measurements.Quantiles;
using OtelTelemetry.Processors.Measurements.Relays;
using OtelTelemetry.Reading;
using OtelTelemetry.Reading.Sdk;

namespace OtelTelemetry.Processors.Measurements;

/// <summary>
/// Carries the rules of one application out. It is the view of its meter providers: asked once an instrument, when a provider begins to
/// listen to it, it answers with a stream, or puts a <see cref="Relay"/> in the instrument's place where a view could not do what the
/// rules say. So what nobody listens to costs nothing, and meters that come later are served like the others. Thread-safe.
/// </summary>
internal sealed class MeasurementProcessing : IDisposable
{
    private readonly MeasurementRules _rules;
    private readonly OwnMetrics _own;
    private readonly TimeProvider _time;
    private readonly int _mostSeries;
    private readonly Lock _gate = new();
    private readonly Dictionary<RelayKey, Relay> _relays = [];
    private readonly Dictionary<MergedFamily, OwnNumberRelay> _ownRelays = [];
    private readonly ResultNames _names;
    private bool _disposed;

    /// <summary>Makes the processing of one application.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="own">The metrics that are ours.</param>
    /// <param name="mostSeries">The most series an instrument may have after its labels were changed.</param>
    /// <param name="time">The clock of quantiles.</param>
    /// <param name="logger">Is told what a rule cannot do, once.</param>
    public MeasurementProcessing(MeasurementRules rules, OwnMetrics own, int mostSeries, TimeProvider time, ILogger? logger = null)
    {
        _rules = rules;
        _own = own;
        _time = time;
        _mostSeries = mostSeries;
        _names = new ResultNames(own, rules.GiveNames, logger);
        Own = new OwnMetricProcessing(rules, logger);
    }

    public OwnMetricProcessing Own { get; }

    /// <summary>The summaries of other libraries' histograms.</summary>
    public QuantileSource Quantiles { get; } = new();

    /// <summary>How many relays there are.</summary>
    internal int RelayCount
    {
        get
        {
            lock (_gate) return _relays.Count + _ownRelays.Count;
        }
    }

    /// <summary>Whether a metric seen through the SDK is one of ours, under the name it has or the one a rule gave it.</summary>
    public bool Owns(string meter, string name) => _own.Owns(meter, name) || _names.IsOurs(meter, name);

    /// <summary>The view of the provider for other libraries' instruments. Ours are dropped there unless somebody's reader wants them.</summary>
    public MetricStreamConfiguration? View(Instrument instrument)
    {
        if (instrument.Meter.Scope is RelayScope scope)
        {
            return ReferenceEquals(scope.Owner, this) ? _own.DropUnlessWanted(instrument) ?? scope.Stream : MetricStreamConfiguration.Drop;
        }

        if (_own.DropUnlessWanted(instrument) is { } drop) return drop;
        if (_own.Find(instrument.Meter.Name, instrument.Name) is { } metric) return View(instrument, metric, stream: null);
        if (_rules.IsEmpty || InstrumentShape.Of(instrument) is not { } shape) return null;
        return _rules.PlanFor(instrument.Meter.Name, instrument.Name) is { } plan
            ? Apply(instrument, shape, plan, isOurs: false, stream: null)
            : _names.Keep(instrument) ? null : MetricStreamConfiguration.Drop;
    }

    /// <summary>The view of the provider for our own instruments: it drops every other.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="streamOf">What the SDK is to make of one of ours that no rule matches.</param>
    public MetricStreamConfiguration ViewOfOwn(Instrument instrument, Func<MetricInstrument, MetricStreamConfiguration> streamOf)
    {
        if (instrument.Meter.Scope is RelayScope scope)
        {
            return ReferenceEquals(scope.Owner, this) && scope.IsOurs ? scope.Stream : MetricStreamConfiguration.Drop;
        }

        if (_own.Find(instrument.Meter.Name, instrument.Name) is not { } metric) return MetricStreamConfiguration.Drop;
        var stream = streamOf(metric);
        return View(instrument, metric, stream) ?? stream;
    }

    /// <summary>Ends every relay.</summary>
    public void Dispose()
    {
        IDisposable[] all;
        lock (_gate)
        {
            _disposed = true;
            all = [.. _relays.Values, .. _ownRelays.Values];
            _relays.Clear();
            _ownRelays.Clear();
        }

        foreach (var relay in all) relay.Dispose();
    }

    private MetricStreamConfiguration? View(Instrument instrument, MetricInstrument metric, MetricStreamConfiguration? stream) =>
        Own.PlanFor(metric) is { } plan && InstrumentShape.Of(instrument) is { } shape ? Apply(instrument, shape, plan, isOurs: true, stream)
        : _names.Keep(instrument) ? null
        : MetricStreamConfiguration.Drop;

    private MetricStreamConfiguration Apply(Instrument instrument, InstrumentShape shape, InstrumentPlan plan, bool isOurs, MetricStreamConfiguration? stream)
    {
        if (plan.IsDenied) return MetricStreamConfiguration.Drop;
        stream ??= shape.Form == InstrumentForm.Histogram && plan.Buckets is { } buckets
            ? new ExplicitBucketHistogramConfiguration { Boundaries = buckets }
            : new MetricStreamConfiguration();
        if (plan.Name != instrument.Name && _names.Give(instrument, plan.Name, isOurs)) stream.Name = plan.Name;
        else if (!_names.Keep(instrument)) return MetricStreamConfiguration.Drop;

        var needsQuantiles = !isOurs && shape.Form == InstrumentForm.Histogram && plan.Quantiles.Length > 0;
        if (plan.Labels is not null && !CanView(shape, plan))
        {
            stream.CardinalityLimit ??= _mostSeries + 1;
            return Relayed(instrument, shape, plan, isOurs, stream, needsQuantiles);
        }

        if (plan.Labels is { } labels)
        {
            if (labels.Kept is { } kept) stream.TagKeys = kept;
            else stream.ExcludedTagKeys = labels.Dropped;
        }

        if (needsQuantiles) Listen(instrument, shape, plan, new RelayScope(this, isOurs, stream), forwards: false, needsQuantiles);
        return stream;
    }

    /// <summary>A view adds up what is recorded; of what is observed it would keep the last value only, and so of gauges.</summary>
    private static bool CanView(InstrumentShape shape, InstrumentPlan plan) =>
        plan.Labels!.OnlyDrops && !shape.IsObservable && (!shape.IsGauge || plan.GaugeMerge == GaugeMerge.Last);

    private MetricStreamConfiguration Relayed(
        Instrument instrument, InstrumentShape shape, InstrumentPlan plan, bool isOurs, MetricStreamConfiguration stream, bool needsQuantiles)
    {
        var scope = new RelayScope(this, isOurs, stream);
        if (isOurs && shape.Form != InstrumentForm.Histogram) ShowOwn(instrument, scope);
        else Listen(instrument, shape, plan, scope, forwards: true, needsQuantiles);
        return MetricStreamConfiguration.Drop;
    }

    private void Listen(Instrument instrument, InstrumentShape shape, InstrumentPlan plan, RelayScope scope, bool forwards, bool needsQuantiles)
    {
        var key = RelayKey.Of(instrument, shape);
        var context = new RelayContext(scope, instrument, shape, plan.Labels, plan.GaugeMerge, _mostSeries, ended => Forget(key, ended));
        while (true)
        {
            Relay? relay;
            var isNew = false;
            lock (_gate)
            {
                if (_disposed) return;
                if (!_relays.TryGetValue(key, out relay))
                {
                    relay = Make(context, plan, forwards, needsQuantiles);
                    _relays.Add(key, relay);
                    isNew = true;
                }
            }

            // Outside the lock: this calls every listener of the process.
            if (isNew) relay.Publish();
            if (relay.Listen(instrument)) return;
            Forget(key, relay);
        }
    }

    private Relay Make(RelayContext context, InstrumentPlan plan, bool forwards, bool needsQuantiles)
    {
        var isIntegral = context.Shape.IsIntegral;
        switch (context.Shape.Form)
        {
            case InstrumentForm.Histogram:
                var quantiles = needsQuantiles ? new QuantileFamily(Describe(context.Source, plan), plan.Quantiles, _time) : null;
                if (quantiles is not null) Quantiles.Add(quantiles);
                return new HistogramRelay(context, forwards, quantiles, Quantiles.Remove);

            case InstrumentForm.Counter or InstrumentForm.UpDownCounter:
                return isIntegral ? new SumRelay<long>(context) : new SumRelay<double>(context);

            // The mean of whole numbers is none.
            case InstrumentForm.Gauge:
                return isIntegral && plan.GaugeMerge != GaugeMerge.Average ? new GaugeRelay<long>(context) : new GaugeRelay<double>(context);

            default:
                return isIntegral && !(context.Shape.IsGauge && plan.GaugeMerge == GaugeMerge.Average)
                    ? new ObservedRelay<long>(context)
                    : new ObservedRelay<double>(context);
        }
    }

    private void ShowOwn(Instrument instrument, RelayScope scope)
    {
        if (_own.Find(instrument.Meter.Name, instrument.Name) is not { } metric || Own.MergedFor(metric) is not { } family) return;
        OwnNumberRelay relay;
        lock (_gate)
        {
            if (_disposed || _ownRelays.ContainsKey(family)) return;
            relay = new OwnNumberRelay(scope, instrument, family, () => Parts(family));
            _ownRelays.Add(family, relay);
        }

        relay.Publish();
    }

    private IEnumerable<MetricInstrument> Parts(MergedFamily family) =>
        _own.Registries.SelectMany(registry => registry.Metrics).Where(metric => ReferenceEquals(Own.MergedFor(metric), family));

    private void Forget(RelayKey key, Relay relay)
    {
        lock (_gate)
        {
            if (_relays.TryGetValue(key, out var there) && ReferenceEquals(there, relay)) _relays.Remove(key);
        }
    }

    private static MetricDescriptor Describe(Instrument histogram, InstrumentPlan plan)
    {
        var meter = histogram.Meter;
        var scope = new MetricScope(meter.Name, meter.Version ?? "")
        {
            Attributes = [.. meter.Tags?.Select(tag => KeyValuePair.Create(tag.Key, TagText.Of(tag.Value))) ?? []],
        };
        return new MetricDescriptor(plan.Name + QuantileFamily.Suffix, MetricKind.Summary, histogram.Unit ?? "", histogram.Description ?? "", scope);
    }

    /// <summary>What the SDK takes for one metric.</summary>
    private readonly record struct RelayKey(string Meter, string? Version, string Tags, string Name, string? Unit, string? Description, InstrumentShape Shape)
    {
        public static RelayKey Of(Instrument instrument, InstrumentShape shape)
        {
            var meter = instrument.Meter;
            var tags = meter.Tags is null ? "" : string.Join(',', meter.Tags.Select(tag => $"{tag.Key}={TagText.Of(tag.Value)}"));
            return new(meter.Name, meter.Version, tags, instrument.Name, instrument.Unit, instrument.Description, shape);
        }
    }
}
