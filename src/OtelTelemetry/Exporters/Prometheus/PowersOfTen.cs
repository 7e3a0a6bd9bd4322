using System.Numerics;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The powers of ten a double's decimal digits are computed with, as numbers of 128 bits whose highest bit is set, rounded up:
/// 10^n ≈ g · 2^(floor(log2(10^n)) - 127). Computed exactly at the first use; 10 KB.</summary>
internal static class PowersOfTen
{
    private const int Lowest = -292;
    private const int Highest = 324;

    private static readonly UInt128[] s_powers = Compute();

    /// <summary>floor(log2(10^n)) for every n of the table.</summary>
    public static int FloorLog2(int n) => (n * 1741647) >> 19;

    /// <summary>The high 128 bits of 10^n.</summary>
    /// <param name="n">From -292 to 324.</param>
    public static UInt128 Get(int n) => s_powers[n - Lowest];

    private static UInt128[] Compute()
    {
        var powers = new UInt128[Highest - Lowest + 1];
        var power = BigInteger.One;
        for (var n = 0; n <= Highest; n++)
        {
            // One past the power itself unless it is exact: the division rounds down.
            var shift = 127 - FloorLog2(n);
            powers[n - Lowest] = (UInt128)(shift >= 0 ? power << shift : ((power - 1) >> -shift) + 1);
            if (n is > 0 and <= -Lowest) powers[-n - Lowest] = (UInt128)((BigInteger.One << (127 - FloorLog2(-n))) / power + 1);
            power *= 10;
        }

        return powers;
    }
}
