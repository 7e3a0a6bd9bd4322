using System.Collections.Concurrent;
using OtelTelemetry.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Labels;

/// <summary>The series that measurements go to after their labels were changed: one a set of tags, whatever order they came in, up to
/// a number; past it, one series for all others. Thread-safe.</summary>
internal sealed class TagTargets<T>(int most, Func<Tag[], T> create)
    where T : class
{
    private readonly ConcurrentDictionary<Tag[], T> _targets = new(TagSetComparer.Instance);
    private readonly Lock _gate = new();
    private int _count;
    private T? _overflow;

    /// <summary>All series of this moment, the one for all others included.</summary>
    public IEnumerable<T> All
    {
        get
        {
            foreach (var (_, target) in _targets) yield return target;
            if (Volatile.Read(ref _overflow) is { } overflow) yield return overflow;
        }
    }

    /// <summary>The series of changed tags, made when it is not there.</summary>
    public T GetOrAdd(Tag[] changed)
    {
        var tags = Sorted(changed);
        if (_targets.TryGetValue(tags, out var target)) return target;
        lock (_gate)
        {
            if (_targets.TryGetValue(tags, out target)) return target;

            // As OpenTelemetry marks it (metrics SDK, section "Overflow attribute").
            if (_count >= most) return _overflow ??= create([new(MetricInstrument.OverflowLabel.Key, true)]);
            _count++;
            return _targets[tags] = create(tags);
        }
    }

    private static Tag[] Sorted(Tag[] tags)
    {
        Array.Sort(tags, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return tags;
    }
}
