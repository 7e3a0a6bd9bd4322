using OtelTelemetry.Metrics.Cells;

namespace OtelTelemetry.Collectors.Recording;

/// <summary>Counts what many threads do at once: in one number until two of them meet, from then on in one number a core. It only grows.</summary>
internal sealed class OutcomeCounter
{
    private long _sum;
    private CounterStripes? _stripes;

    internal long Value => Volatile.Read(ref _sum) + (Volatile.Read(ref _stripes) is { } stripes ? (long)stripes.Sum(0) : 0);

    internal void Add(long count = 1)
    {
        var stripes = _stripes;
        if (stripes is null)
        {
            var seen = _sum;
            if (Interlocked.CompareExchange(ref _sum, seen + count, seen) == seen) return;
            stripes = Interlocked.CompareExchange(ref _stripes, new CounterStripes(), null) ?? _stripes;
        }

        stripes!.Add(count);
    }
}
