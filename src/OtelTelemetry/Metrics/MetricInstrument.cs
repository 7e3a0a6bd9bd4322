using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics.Labels;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Metrics;

/// <summary>
/// A metric of this library: a <see cref="Counter"/>, <see cref="Gauge"/>, <see cref="Histogram"/> or <see cref="Summary"/>.
/// Thread-safe. Recording never throws: what cannot be recorded is counted by reason (<see cref="GetDropped"/>).
/// </summary>
public abstract class MetricInstrument : MetricFamilyReader
{
    internal static readonly KeyValuePair<string, string> OverflowLabel = new("otel.metric.overflow", "true");

    private readonly SeriesTable _table = new();
    private readonly Func<LabelValues, BoundSeries> _create;
    private readonly BoundSeries? _unlabelled;
    private readonly long[] _dropped = new long[Enum.GetValues<MeasurementDropReason>().Length];
    private readonly IdleSweep? _idle;
    private BoundSeries? _overflow;
    private BoundSeries? _rejected;
    private long _overflowed;

    private protected MetricInstrument(InstrumentDefinition definition)
    {
        Definition = definition;
        LabelNameArray = definition.LabelNames;
        ConstantLabels = definition.ConstantLabels;
        Clock = definition.TimeProvider;
        Descriptor = new MetricDescriptor(definition.FullName, definition.Kind, definition.Unit, definition.Help, definition.Scope);
        _create = CreateSeries;
        if (definition.IdleExpiry is { } expiry) _idle = new IdleSweep(_table, expiry, definition.TimeProvider);
        if (LabelNameArray.Length == 0) _unlabelled = CreateSeries(default);
    }

    /// <summary>The full name: namespace, subsystem and name.</summary>
    public string Name => Descriptor.Name;

    /// <summary>The description.</summary>
    public string Help => Descriptor.Help;

    /// <summary>The unit in UCUM spelling, or an empty string.</summary>
    public string Unit => Descriptor.Unit;

    /// <summary>What the numbers mean.</summary>
    public MetricKind Kind => Descriptor.Kind;

    /// <summary>The label names, in the order in which values are given.</summary>
    public IReadOnlyList<string> LabelNames => LabelNameArray;

    /// <summary>The most series the metric keeps apart.</summary>
    public int MaxSeries => Definition.MaxSeries;

    /// <summary>How many series there are now, the overflow series not counted.</summary>
    public int SeriesCount => _unlabelled is not null ? 1 : _table.Count;

    /// <summary>How many times label values were given that found no place below <see cref="MaxSeries"/>.</summary>
    public long OverflowedLookups => Volatile.Read(ref _overflowed);

    /// <inheritdoc/>
    public override MetricDescriptor Descriptor { get; }

    internal InstrumentDefinition Definition { get; }

    internal string[] LabelNameArray { get; }

    internal KeyValuePair<string, string>[] ConstantLabels { get; }

    internal TimeProvider Clock { get; }

    internal SeriesTable Table => _table;

    internal BoundSeries? OverflowSeries => Volatile.Read(ref _overflow);

    /// <summary>The only series of a metric without labels; the rejecting one of a metric that has labels.</summary>
    private protected BoundSeries Unlabelled => _unlabelled ?? Rejected;

    /// <summary>Takes records whose labels do not fit, and counts each.</summary>
    private BoundSeries Rejected => Volatile.Read(ref _rejected) ?? MakeRejected();

    /// <summary>How many measurements were not recorded for one reason.</summary>
    /// <param name="reason">The reason.</param>
    public long GetDropped(MeasurementDropReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    /// <inheritdoc/>
    public override int Read(int start, MetricVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        if (_unlabelled is not null)
        {
            if (start == 0) Visit(_unlabelled, visitor);
            return Done;
        }

        if (start == 0) _idle?.Run();
        var all = _table.All.AsSpan();
        for (var position = start; position < all.Length; position++)
        {
            if (all[position] is { } series && !Visit(series, visitor)) return position + 1;
        }

        // The overflow series comes last; its position is past every other's, whatever is added meanwhile.
        if (start != int.MaxValue && OverflowSeries is { } overflow && !Visit(overflow, visitor)) return int.MaxValue;
        return Done;
    }

    /// <summary>The metric's kind, name and labels, for messages.</summary>
    public override string ToString() => Definition.ToString();

    internal void CountDropped(MeasurementDropReason reason)
    {
        var first = Interlocked.Increment(ref _dropped[(int)reason]) == 1;
        TelemetryLosses.Count("metrics", Name, reason);
        if (first) TelemetryErrors.Report(Diagnostic.MeasurementLeftOut, Name, $"the metric has left out a measurement: {TelemetryLosses.NameOf(reason)}", RemedyOf(reason));
    }

    internal void CountInvalid(double value) =>
        CountDropped(double.IsNaN(value) ? MeasurementDropReason.NotANumber : MeasurementDropReason.Infinite);

    private static string RemedyOf(MeasurementDropReason reason) => reason switch
    {
        MeasurementDropReason.NegativeIncrement => "A counter only grows: use a gauge for what goes down. Further ones are counted in telemetry_dropped_total",
        MeasurementDropReason.LabelMismatch => "Give a value for each of its labels, and tags that are among them. Further ones are counted in telemetry_dropped_total",
        _ => "Look for a division by zero where the value comes from. Further ones are counted in telemetry_dropped_total",
    };

    /// <summary>Where records of a series that expired, or that rejects, go now. Null when they are only counted.</summary>
    internal BoundSeries? Successor(BoundSeries ended)
    {
        if (ReferenceEquals(ended, _rejected))
        {
            CountDropped(MeasurementDropReason.LabelMismatch);
            return null;
        }

        var successor = Resolve(ended.Values.ToArray().AsSpan());
        if (!ReferenceEquals(successor, ended)) return successor;
        // The sweep has ended the series and is about to remove it.
        _table.Remove([ended]);
        return Resolve(ended.Values.ToArray().AsSpan());
    }

    internal BoundSeries Resolve(string a) => _table.Find(a ?? "") ?? ResolveSlow([a ?? ""]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries Resolve(string a, string b) => _table.FindRecent(a, b) ?? ResolveByContent(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal BoundSeries Resolve(string a, string b, string c) => _table.FindRecent(a, b, c) ?? ResolveByContent(a, b, c);

    internal BoundSeries Resolve(string a, string b, string c, string d) =>
        _table.Find(a ?? "", b ?? "", c ?? "", d ?? "") ?? ResolveSlow([a ?? "", b ?? "", c ?? "", d ?? ""]);

    internal BoundSeries Resolve(ReadOnlySpan<string> values)
    {
        if (values.IsEmpty) return Unlabelled;
        return values.Contains(null!) ? ResolveSlow(values) : _table.Find(values) ?? ResolveSlow(values);
    }

    internal BoundSeries Resolve(ReadOnlySpan<(string Name, string Value)> labels)
    {
        if (labels.Length != LabelNameArray.Length) return Rejected;
        var values = new string[labels.Length];
        foreach (var (name, value) in labels)
        {
            var position = Array.IndexOf(LabelNameArray, name);
            if (position < 0 || values[position] is not null) return Rejected;
            values[position] = value ?? "";
        }

        return Resolve(values.AsSpan());
    }

    /// <summary>The series if it exists; reading a value makes none.</summary>
    internal BoundSeries? FindExisting(ReadOnlySpan<string> values) =>
        values.IsEmpty ? _unlabelled : values.Length == LabelNameArray.Length ? _table.Find(values) : null;

    /// <summary>All series of this moment, the overflow series last.</summary>
    internal IEnumerable<BoundSeries> AllSeries()
    {
        if (_unlabelled is not null) yield return _unlabelled;
        foreach (var series in _table.All)
        {
            if (series is not null) yield return series;
        }

        if (OverflowSeries is { } overflow) yield return overflow;
    }

    /// <summary>Shows the metric on the meter.</summary>
    internal abstract void Publish(Meter meter);

    private protected abstract BoundSeries CreateSeries(LabelValues values);

    /// <summary>Makes a series that records nothing and sends every record to <see cref="Successor"/>.</summary>
    private protected abstract BoundSeries CreateRejectedSeries();

    private protected abstract bool Visit(BoundSeries series, MetricVisitor visitor);

    // Compiled once and without a profile: one taken while call sites handed in the same strings would move the comparing of
    // characters out of the way, and a call site with new strings would pay for it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BoundSeries ResolveByContent(string a, string b) => _table.Find(a ?? "", b ?? "") ?? ResolveSlow([a ?? "", b ?? ""]);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BoundSeries ResolveByContent(string a, string b, string c) =>
        _table.Find(a ?? "", b ?? "", c ?? "") ?? ResolveSlow([a ?? "", b ?? "", c ?? ""]);

    private BoundSeries ResolveSlow(ReadOnlySpan<string> values)
    {
        if (values.Length != LabelNameArray.Length) return Rejected;
        if (values.Contains(null!))
        {
            var complete = values.ToArray();
            for (var i = 0; i < complete.Length; i++) complete[i] ??= "";
            return Resolve(complete.AsSpan());
        }

        var series = _table.FindOrAdd(values, MaxSeries, _create);
        if (series is null && _idle?.Run() > 0) series = _table.FindOrAdd(values, MaxSeries, _create);
        return series ?? Overflow();
    }

    private BoundSeries Overflow()
    {
        Interlocked.Increment(ref _overflowed);
        return OverflowSeries ?? MakeOverflow();
    }

    private BoundSeries MakeOverflow()
    {
        // One value, so that the series has exactly the overflow label.
        Interlocked.CompareExchange(ref _overflow, CreateSeries(new LabelValues([OverflowLabel.Value])), null);
        return _overflow;
    }

    private BoundSeries MakeRejected()
    {
        Interlocked.CompareExchange(ref _rejected, CreateRejectedSeries(), null);
        return _rejected;
    }
}
