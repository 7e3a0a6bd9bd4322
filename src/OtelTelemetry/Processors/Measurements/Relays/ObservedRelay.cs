using System.Diagnostics.Metrics;
using System.Numerics;
using OtelTelemetry.Processors.Measurements.Labels;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>
/// Reads an observable instrument when it is itself read, and puts together what has the same labels then. (The SDK would take the last
/// value.) A counter's series that is not observed any more keeps its place in the sum: a sum of counters must not go down because
/// one of them has nothing to say. Gauges and up-down counters are what was observed this time.
/// </summary>
internal sealed class ObservedRelay<T> : Relay
    where T : struct, INumber<T>
{
    /// <summary>How many observed series are told apart, for every series of the result. What is past it is added as it is observed.</summary>
    private const int SourcesPerSeries = 4;

    private readonly Dictionary<Tag[], Source?> _sources = new(TagSetComparer.Instance);
    private readonly Dictionary<Tag[], Source?>.AlternateLookup<ReadOnlySpan<Tag>> _lookup;
    private readonly TagTargets<Target> _targets;
    private readonly Lock _gate = new();
    private readonly GaugeMerge _how;
    private readonly bool _remembers;
    private readonly int _most;
    private long _turn;

    public ObservedRelay(RelayContext context)
        : base(context)
    {
        _how = context.Shape.IsGauge ? context.GaugeMerge : GaugeMerge.Sum;
        _remembers = context.Shape.Form == InstrumentForm.ObservableCounter;
        _most = (int)Math.Min(int.MaxValue, (long)context.MostSeries * SourcesPerSeries);
        _lookup = _sources.GetAlternateLookup<ReadOnlySpan<Tag>>();
        _targets = new TagTargets<Target>(context.MostSeries, tags => new Target(tags));
    }

    /// <summary>A meter that is gone observes nothing any more.</summary>
    private protected override bool IsRead => false;

    public override void Record(long value, ReadOnlySpan<Tag> tags) => Take(T.CreateTruncating(value), tags);

    public override void Record(double value, ReadOnlySpan<Tag> tags) => Take(T.CreateTruncating(value), tags);

    private protected override void Publish(Meter meter, string name, string? unit, string? description)
    {
        switch (Context.Shape.Form)
        {
            case InstrumentForm.ObservableCounter:
                meter.CreateObservableCounter(name, Read, unit, description);
                break;
            case InstrumentForm.ObservableUpDownCounter:
                meter.CreateObservableUpDownCounter(name, Read, unit, description);
                break;
            default:
                meter.CreateObservableGauge(name, Read, unit, description);
                break;
        }
    }

    /// <summary>Runs under the lock, on the thread that reads.</summary>
    private void Take(T value, ReadOnlySpan<Tag> tags)
    {
        if (!T.IsFinite(value))
        {
            CountNotFinite(double.CreateTruncating(value));
            return;
        }

        if (!_lookup.TryGetValue(tags, out var source))
        {
            var target = Change(tags) is { } changed ? _targets.GetOrAdd(changed) : null;
            if (_sources.Count >= _most)
            {
                target?.Values.Add(value, _how);
                return;
            }

            source = target is null ? null : new Source(target);
            _sources.Add(tags.ToArray(), source);
        }

        if (source is null) CountFiltered();
        else (source.Value, source.Turn) = (value, _turn);
    }

    private List<Measurement<T>> Read()
    {
        var result = new List<Measurement<T>>();
        lock (_gate)
        {
            _turn++;
            Observe();
            if (!_remembers && _sources.Count >= _most) ForgetVanished();
            foreach (var (_, source) in _sources)
            {
                if (source is not null && (_remembers || source.Turn == _turn)) source.Target.Values.Add(source.Value, _how);
            }

            foreach (var target in _targets.All)
            {
                if (target.Values.IsEmpty) continue;
                result.Add(new Measurement<T>(target.Values.Result(_how), target.Tags));
                target.Values = default;
            }
        }

        return result;
    }

    private void ForgetVanished()
    {
        foreach (var (tags, source) in _sources)
        {
            if (source?.Turn != _turn) _sources.Remove(tags);
        }
    }

    private sealed class Source(Target target)
    {
        public Target Target => target;

        public T Value { get; set; }

        public long Turn { get; set; }
    }

    private sealed class Target(Tag[] tags)
    {
        public Tag[] Tags => tags;

        public Merging<T> Values;
    }
}
