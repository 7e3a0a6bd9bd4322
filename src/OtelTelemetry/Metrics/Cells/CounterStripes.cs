using System.Runtime.InteropServices;

namespace OtelTelemetry.Metrics.Cells;

/// <summary>
/// The part of a counter that only some counters need: one sum a core once two threads have collided, and the fractions.
/// Integral amounts are kept in integers, since a double loses them above 2^53.
/// </summary>
internal sealed class CounterStripes
{
    /// <summary>A stripe below zero takes nothing any more.</summary>
    private const long Ended = long.MinValue;

    private readonly Stripe[] _stripes = new Stripe[ProcessorStripes.Count];
    private double _fractions;

    /// <summary>What the counter's own sum was when it moved here. Counts from the moment that sum says so.</summary>
    internal long Base { get; set; }

    /// <returns>Whether the amount was taken: false when the counter has ended.</returns>
    internal bool Add(long amount) => Interlocked.Add(ref _stripes[ProcessorStripes.Current].Sum, amount) >= 0;

    /// <inheritdoc cref="Add"/>
    internal bool AddFraction(double amount)
    {
        var seen = Volatile.Read(ref _fractions);
        while (!double.IsNaN(seen))
        {
            var before = Interlocked.CompareExchange(ref _fractions, seen + amount, seen);
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen)) return true;
            seen = before;
        }

        return false;
    }

    /// <summary>The sum of everything. Each part only grows, so of two sums read one after the other the later is never smaller.</summary>
    internal double Sum(long integral)
    {
        Int128 sum = integral;
        for (var i = 0; i < _stripes.Length; i++) sum += Volatile.Read(ref _stripes[i].Sum);
        return (double)sum + Volatile.Read(ref _fractions);
    }

    /// <summary>Takes everything out and lets nothing in any more.</summary>
    /// <returns>The sum of everything that was taken.</returns>
    internal double End(long integral)
    {
        Int128 sum = integral;
        for (var i = 0; i < _stripes.Length; i++) sum += Interlocked.Exchange(ref _stripes[i].Sum, Ended);
        return (double)sum + Interlocked.Exchange(ref _fractions, double.NaN);
    }

    // 128 bytes: neighbouring cache lines are fetched in pairs. The sum is not at the beginning, or the first one would share a line
    // with the array's length, which every thread reads.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        [FieldOffset(64)]
        internal long Sum;
    }
}
