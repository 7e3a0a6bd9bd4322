using System.Numerics;
using System.Runtime.CompilerServices;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>Writes doubles in the notation of .NET's format "R", several times as fast.</summary>
internal static class FractionText
{
    // 15 digits are always told apart by a double: a number found with so few is the shortest.
    private const double MaxFewDecimals = 1e15 / FewDecimalsFactor;
    private const double FewDecimalsFactor = 1e6;
    private const int FewDecimals = 6;

    private static readonly ulong[] s_powersOfTen =
    [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    ];

    /// <summary>Writes the shortest text that reads back as the same value.</summary>
    /// <param name="value">A finite number.</param>
    /// <param name="destination">At least <see cref="NumberText.MaxLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(double value, Span<byte> destination)
    {
        if (double.IsNegative(value))
        {
            destination[0] = (byte)'-';
            return WritePositive(-value, destination[1..]) + 1;
        }

        return WritePositive(value, destination);
    }

    private static int WritePositive(double value, Span<byte> text)
    {
        if (value == 0)
        {
            text[0] = (byte)'0';
            return 1;
        }

        if (!HasFewDecimals(value, out var digits, out var exponent)) digits = ShortestDecimal.Of(value, out exponent);

        // Now as d.ddd · 10^exponent.
        var length = CountDigits(digits);
        exponent += length - 1;
        var all = new SeventeenDigits(digits * s_powersOfTen[SeventeenDigits.Count - length]);
        if (exponent is < -4 or >= SeventeenDigits.Count) return WriteScientific(all, exponent, text);
        return exponent < 0 ? WriteBelowOne(all, exponent, text) : WriteAboveOne(all, exponent, text);
    }

    private static bool HasFewDecimals(double value, out ulong digits, out int exponent)
    {
        exponent = -FewDecimals;
        digits = 0;
        if (value >= MaxFewDecimals) return false;

        digits = (ulong)double.ConvertToIntegerNative<long>((value * FewDecimalsFactor) + 0.5);
        // Both numbers are exact, so the quotient is rounded once, as a reader of the text would.
        return (long)digits / FewDecimalsFactor == value;
    }

    // 1.5E-07
    private static int WriteScientific(in SeventeenDigits digits, int exponent, Span<byte> text)
    {
        digits.CopyTo(text[1..]);
        text[0] = text[1];
        text[1] = (byte)'.';
        var position = digits.Length == 1 ? 1 : digits.Length + 1;
        text[position++] = (byte)'E';
        text[position++] = (byte)(exponent < 0 ? '-' : '+');
        var size = Math.Abs(exponent);
        if (size >= 100)
        {
            text[position++] = (byte)('0' + (size / 100));
            size %= 100;
        }

        text[position++] = (byte)('0' + (size / 10));
        text[position++] = (byte)('0' + (size % 10));
        return position;
    }

    // 0.0015
    private static int WriteBelowOne(in SeventeenDigits digits, int exponent, Span<byte> text)
    {
        "0.000"u8.CopyTo(text);
        var start = 1 - exponent;
        digits.CopyTo(text[start..]);
        return start + digits.Length;
    }

    // 15.25
    private static int WriteAboveOne(in SeventeenDigits digits, int exponent, Span<byte> text)
    {
        digits.CopyTo(text[1..]);
        var whole = exponent + 1;
        if (whole < 8) digits.CopyBeginningTo(text, whole);
        else text.Slice(1, whole).CopyTo(text);
        if (digits.Length <= whole) return whole;
        text[whole] = (byte)'.';
        return digits.Length + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountDigits(ulong number)
    {
        // 1233 / 4096 is a little more than log10(2).
        var estimate = ((64 - BitOperations.LeadingZeroCount(number)) * 1233) >> 12;
        return number >= s_powersOfTen[estimate] ? estimate + 1 : estimate;
    }
}
