using System.Collections.Concurrent;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Collectors.Recording;

/// <summary>Counts what one component left out, by reason: for its own statistics and as <c>telemetry_dropped_total</c>. Thread-safe.</summary>
/// <param name="component">The component's name in <c>telemetry_dropped_total</c>; null where somebody else counts there.</param>
internal sealed class DropCounters(string? component)
{
    private readonly ConcurrentDictionary<string, Reason> _reasons = new(StringComparer.Ordinal);

    /// <summary>The sum over all reasons.</summary>
    internal long Total
    {
        get
        {
            long total = 0;
            foreach (var (_, reason) in _reasons) total += reason.Count.Value;
            return total;
        }
    }

    internal void Count(string reason, long items = 1)
    {
        if (!_reasons.TryGetValue(reason, out var counters)) counters = _reasons.GetOrAdd(reason, Make);
        counters.Count.Add(items);
        counters.Loss?.Inc(items);
    }

    /// <summary>How many by reason, at this moment.</summary>
    internal Dictionary<string, long> Read()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, reason) in _reasons) counts[name] = reason.Count.Value;
        return counts;
    }

    private Reason Make(string reason) => new(new OutcomeCounter(), component is null ? null : TelemetryLosses.Bind("metrics", component, reason));

    private sealed record Reason(OutcomeCounter Count, BoundCounter? Loss);
}
