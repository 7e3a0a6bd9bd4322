using System.Buffers.Binary;

namespace OtelTelemetry.Delivery.Otlp;

/// <summary>The frame of a gRPC message: a byte that says whether it is compressed, four bytes of length, the message.</summary>
internal static class GrpcFrame
{
    public const int HeaderLength = 5;

    /// <summary>The message, or empty when there is no whole one or it is compressed.</summary>
    public static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < HeaderLength || frame[0] != 0) return default;
        var length = BinaryPrimitives.ReadUInt32BigEndian(frame[1..]);
        return length <= (uint)(frame.Length - HeaderLength) ? frame.Slice(HeaderLength, (int)length) : default;
    }

    public static bool IsCompressed(ReadOnlySpan<byte> frame) => frame.Length >= HeaderLength && frame[0] == 1;

    /// <summary>The frame of a message as it is.</summary>
    public static byte[] Of(ReadOnlySpan<byte> message)
    {
        var frame = new byte[HeaderLength + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    public static byte[] Compressed(ReadOnlySpan<byte> message)
    {
        using var buffer = new MemoryStream();
        buffer.Write([1, 0, 0, 0, 0]);
        GzipBody.Write(message, buffer);
        var frame = buffer.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)(frame.Length - HeaderLength));
        return frame;
    }
}
