using System.Buffers.Binary;
using System.Text;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>
/// Writes protocol buffers (encoding specification, proto3): fields that have their default value are left out, except where a method says
/// otherwise. A nested message is written where it will be; its length, put before it afterwards, moves it. Not thread-safe.
/// </summary>
internal sealed class ProtobufWriter(int capacity = 256)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;

    private byte[] _buffer = new byte[capacity];

    /// <summary>How much was written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Forgets what was written after a position.</summary>
    public void Truncate(int length) => Length = length;

    public void WriteDouble(int field, double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        // Minus zero is not the default.
        if (bits == 0) return;
        WriteTag(field, Fixed64);
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), bits);
    }

    public void WriteInt64(int field, long value)
    {
        if (value == 0) return;
        WriteTag(field, Varint);
        WriteVarint((ulong)value);
    }

    /// <summary>Writes a whole number also when it is 0: a member of a oneof.</summary>
    public void WriteUInt64Always(int field, ulong value)
    {
        WriteTag(field, Varint);
        WriteVarint(value);
    }

    /// <summary>Writes a number whose small negative values are short, too.</summary>
    public void WriteSInt(int field, long value)
    {
        if (value == 0) return;
        WriteTag(field, Varint);
        WriteVarint(ZigZag(value));
    }

    /// <summary>Writes such numbers one after the other, under one tag.</summary>
    public void WritePackedSInts(int field, ReadOnlySpan<long> values)
    {
        if (values.Length == 0) return;
        var start = Begin(field);
        foreach (var value in values) WriteVarint(ZigZag(value));
        End(start);
    }

    public void WriteString(int field, string value)
    {
        if (value.Length == 0) return;
        WriteTag(field, LengthDelimited);
        var length = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Writes a message that was encoded before.</summary>
    public void WriteMessage(int field, ReadOnlySpan<byte> message)
    {
        WriteTag(field, LengthDelimited);
        WriteVarint((ulong)message.Length);
        WriteRaw(message);
    }

    /// <summary>Writes fields that were encoded before.</summary>
    public void WriteRaw(ReadOnlySpan<byte> fields) => fields.CopyTo(Take(fields.Length));

    /// <summary>Begins a nested message, which <see cref="End"/> ends.</summary>
    public int Begin(int field)
    {
        WriteTag(field, LengthDelimited);
        // Nearly all are short enough for a length of one byte.
        Take(1);
        return Length;
    }

    /// <summary>Ends a nested message.</summary>
    /// <param name="start">What <see cref="Begin"/> returned.</param>
    public void End(int start)
    {
        var length = Length - start;
        var extra = VarintLength((ulong)length) - 1;
        if (extra > 0)
        {
            Take(extra);
            _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + extra));
        }

        PutVarint(_buffer.AsSpan(start - 1), (ulong)length);
    }

    /// <summary>How many bytes a message takes with its tag (of a field below 16) and length.</summary>
    public static int MessageSize(int length) => 1 + VarintLength((ulong)length) + length;

    private static int VarintLength(ulong value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7) length++;
        return length;
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static void PutVarint(Span<byte> destination, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7) destination[at++] = (byte)(value | 0x80);
        destination[at] = (byte)value;
    }

    private void WriteTag(int field, int type) => WriteVarint(((ulong)field << 3) | (uint)type);

    private void WriteVarint(ulong value) => PutVarint(Take(VarintLength(value)), value);

    private Span<byte> Take(int length)
    {
        if (_buffer.Length - Length < length) Array.Resize(ref _buffer, Math.Max(checked(Length + length), _buffer.Length * 2));
        var span = _buffer.AsSpan(Length, length);
        Length += length;
        return span;
    }
}
