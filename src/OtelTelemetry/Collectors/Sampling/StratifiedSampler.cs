using System.Runtime.InteropServices;
using OtelTelemetry.Metrics.Cells;

namespace OtelTelemetry.Collectors.Sampling;

/// <summary>
/// Chooses one of every 1 / rate measurements, at a random place among them: each is chosen with the probability of the rate, and the
/// number of those that are chosen hardly varies, where drawing for each alone would make it vary by its square root. Since the places
/// are random, what repeats itself in step with the rate is not preferred. Thread-safe without a lock.
/// </summary>
/// <remarks>Stratified sampling with one draw a stratum (Cochran, Sampling Techniques, chapter 5). The draw of stratum k is a hash of
/// k, so that nothing but a position is shared between threads; while they collide each core has positions of its own.</remarks>
internal sealed class StratifiedSampler(double rate, ulong seed)
{
    /// <summary>Past this a position would be told less exactly than the strata need.</summary>
    private const long LargestPosition = 1L << 44;

    private readonly double _inverse = 1 / rate;
    private long _position;
    private Stripe[]? _stripes;

    /// <summary>The inverse of the rate: how many measurements one that is chosen stands for.</summary>
    internal double Inverse => _inverse;

    /// <summary>Whether the next measurement is chosen, and if so how often (once, rarely twice where strata meet inside a measurement).</summary>
    /// <param name="draw">A number from 0 to 1 (exclusive) for this measurement, to be used once.</param>
    internal int Next(out double draw)
    {
        var (position, key) = NextPosition();
        var stratum = (long)(position * rate);
        var chosen = IsChosen(stratum, position, key) ? 1 : 0;
        // A stratum may begin inside this measurement.
        if (stratum + 1 < (position + 1) * rate && IsChosen(stratum + 1, position, key)) chosen++;
        draw = chosen == 0 ? 0 : Uniform(~(ulong)position, key);
        return chosen;
    }

    private bool IsChosen(long stratum, long position, ulong key) => (long)((stratum + Uniform((ulong)stratum, key)) * _inverse) == position;

    private (long Position, ulong Key) NextPosition()
    {
        var stripes = _stripes;
        if (stripes is null)
        {
            var seen = _position;
            if (Interlocked.CompareExchange(ref _position, (seen + 1) % LargestPosition, seen) == seen) return (seen, seed);
            stripes = Interlocked.CompareExchange(ref _stripes, new Stripe[ProcessorStripes.Count], null) ?? _stripes!;
        }

        var stripe = ProcessorStripes.Current;
        return ((Interlocked.Increment(ref stripes[stripe].Position) - 1) % LargestPosition, seed + (ulong)stripe + 1);
    }

    /// <summary>A number from 0 to 1 (exclusive): the finalizer of SplitMix64 (Steele, Lea and Flood 2014) over the index.</summary>
    private static double Uniform(ulong index, ulong key)
    {
        var z = (index * 0x9E3779B97F4A7C15) + (key * 0xD1B54A32D192ED03);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stripe
    {
        [FieldOffset(64)]
        internal long Position;
    }
}
