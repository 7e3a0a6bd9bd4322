using System.IO.Compression;

namespace OtelTelemetry.Delivery;

/// <summary>Compresses bodies. The fastest level: telemetry repeats itself so much that a better one gains little.</summary>
internal static class GzipBody
{
    public static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var buffer = new MemoryStream();
        Write(body, buffer);
        return buffer.ToArray();
    }

    public static void Write(ReadOnlySpan<byte> body, Stream target)
    {
        using var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(body);
    }
}
