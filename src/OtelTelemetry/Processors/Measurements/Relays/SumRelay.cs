using System.Diagnostics.Metrics;
using System.Numerics;
using OtelTelemetry.Processors.Measurements.Labels;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>Adds up what is recorded in a counter or up-down counter, and shows the sums as an observable one: every series at every
/// collection, never reset, so that any temporality is right. An addition costs less here than in the SDK.</summary>
internal sealed class SumRelay<T> : Relay
    where T : struct, INumber<T>
{
    private readonly TagTargets<Sum> _sums;
    private readonly TagCache<Sum> _known;

    public SumRelay(RelayContext context)
        : base(context)
    {
        _sums = new TagTargets<Sum>(context.MostSeries, tags => new Sum(tags));
        _known = new TagCache<Sum>(tags => Change(tags) is { } changed ? _sums.GetOrAdd(changed) : null);
    }

    private protected override bool IsRead => true;

    public override void Record(long value, ReadOnlySpan<Tag> tags) => Add(T.CreateTruncating(value), tags);

    public override void Record(double value, ReadOnlySpan<Tag> tags) => Add(T.CreateTruncating(value), tags);

    private protected override void Publish(Meter meter, string name, string? unit, string? description)
    {
        if (Context.Shape.Form == InstrumentForm.Counter) meter.CreateObservableCounter(name, Read, unit, description);
        else meter.CreateObservableUpDownCounter(name, Read, unit, description);
    }

    private void Add(T value, ReadOnlySpan<Tag> tags)
    {
        if (!T.IsFinite(value)) CountNotFinite(double.CreateTruncating(value));
        else if (_known.Find(tags) is { } sum) sum.Add(value);
        else CountFiltered();
    }

    private IEnumerable<Measurement<T>> Read()
    {
        foreach (var sum in _sums.All) yield return new Measurement<T>(sum.Value, sum.Tags);
        OnRead();
    }

    private sealed class Sum(Tag[] tags)
    {
        private T _value;

        public Tag[] Tags => tags;

        public T Value => Interlocked.CompareExchange(ref _value, default, default);

        public void Add(T amount)
        {
            var seen = _value;
            while (true)
            {
                var before = Interlocked.CompareExchange(ref _value, seen + amount, seen);
                if (before.Equals(seen)) return;
                seen = before;
            }
        }
    }
}
