using System.Runtime.CompilerServices;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>
/// Finds the shortest decimal number that reads back as a given double, and of several such the nearest.
/// The algorithm is Schubfach: Raffaele Giulietti, "The Schubfach way to render doubles", 2020. The numbers that round to a double form an
/// interval around it. Of all powers 10^k it takes the largest of which the interval surely contains a multiple, so there are four
/// candidates only: the multiples of 10^k and of 10^(k+1) on each side of the value. All are compared as integers, in quarters of 10^k,
/// of which one product of 128 bits each gives enough digits.
/// </summary>
internal static class ShortestDecimal
{
    private const int FractionBits = 52;
    private const int ExponentMask = 0x7FF;
    private const int ExponentBias = 1075;
    private const ulong HiddenBit = 1UL << FractionBits;

    /// <summary>Gives the digits and the exponent: |value| = digits · 10^exponent. The digits may end in zeros.</summary>
    /// <param name="value">A finite number other than zero; its sign is not looked at.</param>
    /// <param name="exponent">The exponent.</param>
    public static ulong Of(double value, out int exponent)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var fraction = bits & (HiddenBit - 1);
        var biased = (int)(bits >> FractionBits) & ExponentMask;

        // |value| = c · 2^q
        var c = biased == 0 ? fraction : fraction | HiddenBit;
        var q = (biased == 0 ? 1 : biased) - ExponentBias;

        // Below a power of two doubles lie twice as close. Only there is the interval not symmetric.
        var closerBelow = fraction == 0 && biased > 1;

        // k = floor(log10(the interval's length)), then 10^-k · 2^(q+h) in 128 bits.
        var k = ((q * 1262611) - (closerBelow ? 524031 : 0)) >> 22;
        var h = q + PowersOfTen.FloorLog2(-k) + 1;
        var power = PowersOfTen.Get(-k);

        // The value and the ends of its interval in quarters of 10^k. An odd number stands for "something between its even neighbours".
        var middle = Quarters(power, (4 * c) << h);
        // A tie reads back as the double with the even fraction: its interval has its ends, others do not.
        var excluded = c & 1;
        var low = Quarters(power, ((4 * c) - (closerBelow ? 1UL : 2UL)) << h) + excluded;
        var high = Quarters(power, ((4 * c) + 2) << h) - excluded;

        // Which candidate it becomes is as good as random: computed, not branched on.
        var below = middle >> 2;
        var tens = below / 10;
        var tensBelow = low <= 40 * tens;
        var tensAbove = (40 * tens) + 40 <= high;
        // Subnormal numbers may be smaller than 10^(k+1).
        var useTens = tensBelow != tensAbove & below >= 10;

        var onesBelow = low <= 4 * below;
        var onesAbove = (4 * below) + 4 <= high;
        // With both inside (or neither, when the value is one of them) the nearest, and the even one at a tie.
        var half = (4 * below) + 2;
        var nearer = middle > half | (middle == half & (below & 1) != 0);
        var onesUp = onesBelow != onesAbove ? onesAbove : nearer;

        exponent = k + (useTens ? 1 : 0);
        return useTens ? tens + (tensAbove ? 1UL : 0UL) : below + (onesUp ? 1UL : 0UL);
    }

    /// <summary>The highest bits of a product, with the lowest of them set when any bit below is: rounded to odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Quarters(UInt128 power, ulong factor)
    {
        var carried = Math.BigMul((ulong)power, factor, out _);
        var high = Math.BigMul((ulong)(power >> 64), factor, out var low);
        var sum = low + carried;
        if (sum < low) high++;
        return high | (sum > 1 ? 1UL : 0UL);
    }
}
