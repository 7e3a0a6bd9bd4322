using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>The decimal digits of a number in registers, a byte a digit: no double needs more of them.</summary>
internal readonly ref struct SeventeenDigits
{
    /// <summary>How many digits there are, zeros at the end included.</summary>
    public const int Count = 17;

    private const ulong AsciiZeros = 0x3030303030303030;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly byte _last;

    /// <summary>Splits a number.</summary>
    /// <param name="number">A number of exactly 17 digits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SeventeenDigits(ulong number)
    {
        var high = number / 1_000_000_000;
        var low = (uint)(number - (high * 1_000_000_000));
        var second = low / 10;
        var last = low - (second * 10);
        var firstDigits = EightDigits((uint)high);
        var secondDigits = EightDigits(second);
        _first = firstDigits | AsciiZeros;
        _second = secondDigits | AsciiZeros;
        _last = (byte)('0' + last);
        Length = (second | last) == 0
            ? 8 - (BitOperations.LeadingZeroCount(firstDigits) / 8)
            : Math.Max(16 - (BitOperations.LeadingZeroCount(secondDigits) / 8), last != 0 ? Count : 0);
    }

    /// <summary>How many digits there are without the zeros at the end.</summary>
    public int Length { get; }

    /// <summary>Writes all digits, zeros at the end included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(Span<byte> text)
    {
        text[16] = _last;
        BinaryPrimitives.WriteUInt64LittleEndian(text[8..], _second);
        BinaryPrimitives.WriteUInt64LittleEndian(text, _first);
    }

    /// <summary>Moves the first few digits one byte forward, after all were written from the second byte on.
    /// From registers, since reading back what was just written in other pieces makes the processor wait.</summary>
    /// <param name="text">Where the first digit comes to stand.</param>
    /// <param name="count">How many digits move, less than 8; the byte after them is undefined.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyBeginningTo(Span<byte> text, int count)
    {
        var moved = (1UL << (8 * count)) - 1;
        BinaryPrimitives.WriteUInt64LittleEndian(text, (_first & moved) | ((_first << 8) & ~moved));
    }

    /// <summary>Splits a number below 10^8 into a byte a digit, the first digit in the lowest byte. It halves the number in parts of four
    /// digits, all of those at once into parts of two, and all of those at once into digits; the factors divide by 100 and by 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(uint number)
    {
        var high = number / 10_000;
        var fours = high | ((ulong)(number - (high * 10_000)) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000007F_0000007F;
        var twos = hundreds | ((fours - (hundreds * 100)) << 16);
        var tens = ((twos * 103) >> 10) & 0x000F000F_000F000F;
        return tens | ((twos - (tens * 10)) << 8);
    }
}
