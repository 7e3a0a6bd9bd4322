using System.Globalization;
using System.Runtime.CompilerServices;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Writes numbers as the text formats want them.</summary>
internal static class NumberText
{
    /// <summary>The most bytes any number takes: -1.7976931348623157E+308.</summary>
    public const int MaxLength = 24;

    private const long MaxExactInteger = 9007199254740992;

    // The numbers from 00 to 99.
    private static ReadOnlySpan<byte> DigitPairs =>
        "00010203040506070809101112131415161718192021222324"u8 +
        "25262728293031323334353637383940414243444546474849"u8 +
        "50515253545556575859606162636465666768697071727374"u8 +
        "75767778798081828384858687888990919293949596979899"u8;

    /// <summary>Writes a whole number: the one piece of a line that no cache can hold, so without the general formatter's generality.</summary>
    public static int Write(long value, Span<byte> destination)
    {
        // Most numbers of a scrape are small, and divisions of 32 bits are the faster ones.
        if ((ulong)value <= uint.MaxValue) return WriteSmall((uint)value, destination);
        value.TryFormat(destination, out var written, default, CultureInfo.InvariantCulture);
        return written;
    }

    /// <summary>Writes a whole number with zeros before it, so that it fills the room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WritePadded(uint value, Span<byte> destination)
    {
        var pairs = DigitPairs;
        var at = destination.Length;
        while (at >= 2)
        {
            var quotient = value / 100;
            var pair = (int)(value - (quotient * 100)) * 2;
            destination[--at] = pairs[pair + 1];
            destination[--at] = pairs[pair];
            value = quotient;
        }

        if (at == 1) destination[0] = (byte)('0' + (value % 10));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WriteSmall(uint rest, Span<byte> destination)
    {
        if (rest < 10)
        {
            destination[0] = (byte)('0' + rest);
            return 1;
        }

        var length = CountDigits(rest);
        WritePadded(rest, destination[..length]);
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountDigits(uint value) =>
        value < 1000 ? value < 100 ? 2 : 3
        : value < 100_000 ? value < 10_000 ? 4 : 5
        : value < 10_000_000 ? value < 1_000_000 ? 6 : 7
        : value < 100_000_000 ? 8 : value < 1_000_000_000 ? 9 : 10;

    /// <summary>Writes a value that is an integer, as most are, which is much faster. Minus zero is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWriteInteger(double value, Span<byte> destination, out int written)
    {
        var integer = (long)value;
        var isInteger = BitConverter.DoubleToInt64Bits(integer) == BitConverter.DoubleToInt64Bits(value)
            && integer is > -MaxExactInteger and < MaxExactInteger;
        written = isInteger ? Write(integer, destination) : 0;
        return isInteger;
    }

    /// <summary>The shortest text that reads back as the same value.</summary>
    /// <param name="value">The number.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(double value, Span<byte> destination) =>
        TryWriteInteger(value, destination, out var written) ? written : WriteFraction(value, destination);

    /// <summary>The same for a value that is known to be no integer.</summary>
    public static int WriteFraction(double value, Span<byte> destination) =>
        double.IsFinite(value) ? FractionText.Write(value, destination) : Special(value, destination);

    /// <summary>A number as a label value (<c>le</c>, <c>quantile</c>): as Go's %g writes it, so that the same number is the same label
    /// whoever exports it; in OpenMetrics always recognisable as a float (OpenMetrics 1.0.0, "Considerations: Canonical Numbers").</summary>
    public static string Label(double value, bool openMetrics)
    {
        if (double.IsPositiveInfinity(value)) return "+Inf";
        if (double.IsNegativeInfinity(value)) return "-Inf";
        if (double.IsNaN(value)) return "NaN";
        if (value == 0) return openMetrics ? "0.0" : "0";

        var (sign, digits, exponent) = Digits(value);
        string text;
        // %g with the shortest precision decides between its two notations as if there were 6 digits.
        if (exponent is < -4 or >= 6)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            text = $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        else if (exponent < 0)
        {
            text = "0." + new string('0', -exponent - 1) + digits;
        }
        else if (digits.Length <= exponent + 1)
        {
            text = digits.PadRight(exponent + 1, '0');
        }
        else
        {
            text = digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
        }

        if (openMetrics && !text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.Ordinal)) text += ".0";
        return sign + text;
    }

    private static (string Sign, string Digits, int Exponent) Digits(double value)
    {
        var digits = ShortestDecimal.Of(value, out var exponent).ToString(CultureInfo.InvariantCulture);
        return (value < 0 ? "-" : "", digits.TrimEnd('0'), exponent + digits.Length - 1);
    }

    private static int Special(double value, Span<byte> destination)
    {
        var text = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        text.CopyTo(destination);
        return text.Length;
    }
}
