using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Processors.Measurements.Labels;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>Keeps the last value of every series of a gauge, and shows those that have the same labels then as one.</summary>
internal sealed class GaugeRelay<T> : Relay
    where T : struct, INumber<T>
{
    private readonly ConcurrentDictionary<Tag[], Source?> _sources = new(TagSetComparer.Instance);
    private readonly ConcurrentDictionary<Tag[], Source?>.AlternateLookup<ReadOnlySpan<Tag>> _lookup;
    private readonly TagTargets<Target> _targets;
    private readonly Lock _gate = new();
    private int _count;
    private long _records;

    public GaugeRelay(RelayContext context)
        : base(context)
    {
        _lookup = _sources.GetAlternateLookup<ReadOnlySpan<Tag>>();
        _targets = new TagTargets<Target>(context.MostSeries, tags => new Target(tags));
    }

    private protected override bool IsRead => true;

    public override void Record(long value, ReadOnlySpan<Tag> tags) => Set(T.CreateTruncating(value), tags);

    public override void Record(double value, ReadOnlySpan<Tag> tags) => Set(T.CreateTruncating(value), tags);

    private protected override void Publish(Meter meter, string name, string? unit, string? description) =>
        meter.CreateObservableGauge(name, Read, unit, description);

    private void Set(T value, ReadOnlySpan<Tag> tags)
    {
        if (!T.IsFinite(value))
        {
            CountNotFinite(double.CreateTruncating(value));
            return;
        }

        if (!_lookup.TryGetValue(tags, out var source) && !TryAdd(tags, out source))
        {
            // Which of them it was must be known to put gauges together, so their number is bounded as that of series is.
            TelemetryLosses.Count("metrics", Component, "too_many_series");
            return;
        }

        if (source is null) CountFiltered();
        else source.Set(value, Interlocked.Increment(ref _records));
    }

    private bool TryAdd(ReadOnlySpan<Tag> tags, out Source? source)
    {
        lock (_gate)
        {
            if (_lookup.TryGetValue(tags, out source)) return true;
            if (_count >= Context.MostSeries) return false;
            source = Change(tags) is { } changed ? new Source(_targets.GetOrAdd(changed)) : null;
            _sources[tags.ToArray()] = source;
            _count++;
            return true;
        }
    }

    private List<Measurement<T>> Read()
    {
        var result = new List<Measurement<T>>();
        lock (_gate)
        {
            foreach (var (_, source) in _sources)
            {
                if (source?.Value is not { } last) continue;
                var target = source.Target;
                if (Context.GaugeMerge != GaugeMerge.Last) target.Values.Add(last.Value, Context.GaugeMerge);
                else if (last.Record >= target.LastRecord) (target.Values, target.LastRecord) = (Merging<T>.Of(last.Value), last.Record);
            }

            foreach (var target in _targets.All)
            {
                if (target.Values.IsEmpty) continue;
                result.Add(new Measurement<T>(target.Values.Result(Context.GaugeMerge), target.Tags));
                (target.Values, target.LastRecord) = (default, 0);
            }
        }

        OnRead();
        return result;
    }

    private sealed class Source(Target target)
    {
        private readonly Lock _gate = new();
        private (T Value, long Record)? _value;

        public Target Target => target;

        public (T Value, long Record)? Value
        {
            get
            {
                lock (_gate) return _value;
            }
        }

        // Value and number belong together; whoever came later stays.
        public void Set(T value, long record)
        {
            lock (_gate)
            {
                if (_value is null || _value.Value.Record < record) _value = (value, record);
            }
        }
    }

    private sealed class Target(Tag[] tags)
    {
        public Tag[] Tags => tags;

        public Merging<T> Values;

        public long LastRecord;
    }
}
